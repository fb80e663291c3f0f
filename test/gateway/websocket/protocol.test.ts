import { setTimeout as delay } from 'node:timers/promises'
import { Client, eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

let door: TestDoor
beforeAll(async () => {
  door = await startDoor()
})
afterAll(() => door.close())

const TICK = 'subscription { tick { n } }'
const types = (client: Client, id: string) => client.of(id).map(({ type }) => type)

async function ticking(client: Client, id: string): Promise<void> {
  const before = door.sources.size
  client.subscribe(id, TICK)
  await eventually(() => door.sources.size > before, 'the subscription does not start')
}

describe('a connection', () => {
  test('is acknowledged without a payload over a graph that has no log', async () => {
    await using client = await Client.open(door.url)
    client.send({ type: 'connection_init' })
    expect(await client.until('connection_ack')).toEqual({ type: 'connection_ack' })
  })

  test('is acknowledged when its payload is null or empty', async () => {
    for (const payload of [null, {}]) {
      await using client = await Client.acknowledged(door.url, payload)
      expect(client.received).toEqual([{ type: 'connection_ack' }])
    }
  })

  test('answers a ping with its payload, before and after it is acknowledged', async () => {
    await using client = await Client.open(door.url)
    const payload = '{"at":1,"__proto__":{"own":true},"nested":["é"]}'
    client.send(`{"type":"ping","payload":${payload}}`)
    expect(JSON.stringify((await client.until('pong')).payload)).toBe(payload)
    client.send({ type: 'connection_init' })
    await client.until('connection_ack')
    client.received.length = 0
    client.send({ type: 'ping' })
    client.send({ type: 'ping', payload: null })
    await eventually(() => client.received.length === 2, 'no two pongs')
    expect(client.received).toEqual([{ type: 'pong' }, { type: 'pong' }])
  })

  test('is closed with 4400 for a ping whose payload nests deeper than it could be sent back', async () => {
    await using client = await Client.acknowledged(door.url)
    const deep = 100_000
    client.send(`{"type":"ping","payload":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}`)
    expect(await client.closed).toMatchObject({ code: 4400 })
    await using other = await Client.acknowledged(door.url)
    other.send({ type: 'ping', payload: { a: 1 } })
    expect(await other.until('pong')).toEqual({ type: 'pong', payload: { a: 1 } })
  })

  test('takes a pong that nobody asked for as a sign of life alone', async () => {
    await using client = await Client.acknowledged(door.url)
    client.send({ type: 'pong', payload: { heartbeat: true } })
    await client.settled()
    expect(client.received).toEqual([{ type: 'connection_ack' }])
  })

  test('takes a message whose text comes in several frames', async () => {
    await using client = await Client.acknowledged(door.url)
    client.socket.send('{"type":"pi', { fin: false })
    client.socket.send('ng"}', { fin: true })
    await client.until('pong')
  })
})

describe('an operation', () => {
  test('that is a query or a mutation is answered by one next and one complete', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('q', '{ hello }')
    client.subscribe('m', 'mutation { add }')
    await client.until('complete', 'q')
    await client.until('complete', 'm')
    expect(client.of('q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { hello: 'world' } } },
      { id: 'q', type: 'complete' }
    ])
    expect(client.of('m')).toEqual([
      { id: 'm', type: 'next', payload: { data: { add: 1 } } },
      { id: 'm', type: 'complete' }
    ])
  })

  test('takes variables, the name of an operation and extensions', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', 'query A($n: Int!) { text(bytes: $n) } query B { hello }', {
      operationName: 'A',
      variables: { n: 3 },
      extensions: { anything: [1] }
    })
    expect(await client.until('next', '1')).toMatchObject({ payload: { data: { text: 'xxx' } } })
  })

  test('that is a subscription is answered by each event, and by complete when its source ends', async () => {
    await using client = await Client.acknowledged(door.url)
    await ticking(client, 's')
    for (const n of [1, 2, 3]) door.tick(n)
    door.end()
    await client.until('complete', 's')
    expect(client.of('s')).toEqual([
      ...[1, 2, 3].map(n => ({ id: 's', type: 'next', payload: { data: { tick: { n } } } })),
      { id: 's', type: 'complete' }
    ])
  })

  test('runs beside others of the same socket', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('held', '{ held }')
    client.subscribe('other', '{ hello }')
    await client.until('complete', 'other')
    expect(client.of('held')).toEqual([])
    door.release()
    expect(await client.until('next', 'held')).toMatchObject({ payload: { data: { held: 'released' } } })
  })

  test.each([
    ['cannot be parsed', '{', 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['is empty', '', 'BAD_REQUEST']
  ])('that %s ends with an error message and nothing after it', async (_, query, code) => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', query)
    expect(await client.until('error', '1')).toMatchObject({
      payload: [{ message: expect.any(String), extensions: { code } }]
    })
    client.subscribe('2', '{ hello }')
    await client.until('complete', '2')
    expect(types(client, '1')).toEqual(['error'])
  })

  test('whose fields fail is answered with data and errors, masked', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', '{ hello boom }')
    expect(await client.until('next', '1')).toMatchObject({
      payload: { data: { hello: 'world', boom: null }, errors: [{ path: ['boom'] }] }
    })
    await client.until('complete', '1')
    expect(JSON.stringify(client.received)).not.toContain('at ')
  })

  test('whose source breaks ends with an error message', async () => {
    await using client = await Client.acknowledged(door.url)
    await ticking(client, '1')
    door.tick(1)
    await client.until('next', '1')
    door.end(new Error('CANARY-source'))
    await client.until('error', '1')
    await client.settled()
    expect(types(client, '1')).toEqual(['next', 'error'])
    expect(JSON.stringify(client.received)).not.toContain('CANARY')
  })

  test('keeps its id for itself as long as it runs, and no longer', async () => {
    await using client = await Client.acknowledged(door.url)
    for (let round = 0; round < 3; round++) {
      client.received.length = 0
      client.subscribe('same', '{ hello }')
      await client.until('complete', 'same')
    }
    client.subscribe('same', 'subscription { nothing }')
    await client.until('error', 'same')
    client.subscribe('same', '{ hello }')
    await client.until('next', 'same')
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ' ', '0', '{"', 'é\u2028'])(
    'may have the id %j',
    async id => {
      await using client = await Client.acknowledged(door.url)
      client.complete(id)
      await ticking(client, id)
      door.tick(7)
      expect(await client.until('next', id)).toMatchObject({ payload: { data: { tick: { n: 7 } } } })
      const before = door.sources.size
      client.complete(id)
      await eventually(() => door.sources.size < before, 'complete does not end it')
      client.subscribe(id, '{ hello }')
      await client.until('complete', id)
    }
  )
})

describe('after a client’s complete', () => {
  test('no event is sent, and the source ends', async () => {
    await using client = await Client.acknowledged(door.url)
    await ticking(client, '1')
    door.tick(1)
    await client.until('next', '1')
    client.complete('1')
    await eventually(() => door.sources.size === 0, 'the source does not end')
    door.tick(2)
    await client.settled()
    expect(types(client, '1')).toEqual(['next'])
  })

  test('an event on its way is not sent', async () => {
    await using client = await Client.acknowledged(door.url)
    await ticking(client, '1')
    client.complete('1')
    // The complete is read before the event, since the ping behind it is.
    await client.settled()
    door.tick(1)
    await client.settled()
    expect(types(client, '1')).toEqual([])
  })

  test('the answer of a query that was asked is not sent', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', '{ held }')
    await eventually(() => door.asked.at(-1)?.includes('held') === true, 'the query is not asked')
    client.complete('1')
    await client.settled()
    door.release()
    client.subscribe('2', '{ hello }')
    await client.until('complete', '2')
    expect(client.of('1')).toEqual([])
  })

  test('a subscription that is still being prepared never starts, or stops at once', async () => {
    await using client = await Client.acknowledged(door.url)
    for (let i = 0; i < 20; i++) {
      client.subscribe('1', TICK)
      client.complete('1')
    }
    await client.settled()
    await eventually(() => door.sources.size === 0, 'sources stay')
    expect(await door.running()).toBe(0)
    expect(client.of('1')).toEqual([])
  })

  test('its id is free at once, and only the new operation answers to it', async () => {
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', '{ held }')
    client.complete('1')
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    door.release()
    await delay(20)
    await client.settled()
    expect(client.of('1')).toEqual([
      { id: '1', type: 'next', payload: { data: { hello: 'world' } } },
      { id: '1', type: 'complete' }
    ])
  })

  test('of what is over, or never was, nothing happens', async () => {
    await using client = await Client.acknowledged(door.url)
    client.complete('never')
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    client.complete('1')
    await client.settled()
    expect(client.socket.readyState).toBe(client.socket.OPEN)
  })
})

test('messages of every length about which frames change arrive whole', async () => {
  await using client = await Client.acknowledged(door.url)
  const empty = JSON.stringify({ type: 'pong', payload: { text: '' } }).length
  for (const edge of [empty, 125, 126, 127, 65_535, 65_536, 65_537, 200_000]) {
    const payload = { text: 'x'.repeat(edge - empty) }
    client.received.length = 0
    client.send({ type: 'ping', payload })
    expect(await client.until('pong')).toEqual({ type: 'pong', payload })
  }
})

test('answers are counted in bytes, not in characters', async () => {
  await using client = await Client.acknowledged(door.url)
  const payload = { text: 'é€😀'.repeat(500) }
  client.send({ type: 'ping', payload })
  expect(await client.until('pong')).toEqual({ type: 'pong', payload })
})
