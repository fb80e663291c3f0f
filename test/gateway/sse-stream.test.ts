import { request as send } from 'node:http'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { block, Client, eventually } from './websocket/client.ts'
import { startDoor, type TestDoor } from './websocket/door.ts'

const TICK = 'subscription { tick { n } }'
const BIG_BYTES = 256 * 1024
const BIG = `subscription { big(bytes: ${BIG_BYTES}) { n text } }`

interface Opened extends Disposable {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Everything that has come. */
  text(): string
  /** What has come, event by event: its fields, in their order. */
  events(): string[]
  readonly ended: Promise<void>
  pause(): void
  resume(): void
}

/** Asks for an operation as an event stream. */
async function open(door: TestDoor, query: string, headers: Record<string, string> = {}): Promise<Opened> {
  const request = send(door.url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers }
  })
  request.on('error', () => undefined)
  request.end(JSON.stringify({ query }))
  return new Promise(resolve => {
    request.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('error', () => undefined)
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: () => text,
        events: () => text.split('\n\n').filter(event => event !== '' && event !== ':'),
        ended: new Promise(done => response.on('close', done)),
        pause: () => response.pause(),
        resume: () => response.resume(),
        [Symbol.dispose]: () => request.destroy()
      })
    })
  })
}

async function ticking(door: TestDoor, headers?: Record<string, string>): Promise<Opened> {
  const before = door.sources.size
  const stream = await open(door, TICK, headers)
  await eventually(() => door.sources.size > before, 'the subscription does not start')
  return stream
}

const next = (payload: unknown) => `event: next\ndata: ${JSON.stringify(payload)}`
const COMPLETE = 'event: complete\ndata:'
const tick = (n: number) => next({ data: { tick: { n } } })

describe('an event stream', () => {
  test('is one that neither browsers nor proxies keep or hold back', async () => {
    await using door = await startDoor()
    using stream = await ticking(door)
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringMatching(/no-store.*no-transform/),
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff'
    })
    // The head alone would wait in many a proxy.
    await eventually(() => stream.text().startsWith(':\n\n'), 'nothing is sent at first')
  })

  test.each([
    ['a query', '{ hello }', { data: { hello: 'world' } }],
    ['a mutation', 'mutation { add }', { data: { add: 1 } }]
  ])('of %s is one next and one complete', async (_, query, payload) => {
    await using door = await startDoor()
    using stream = await open(door, query)
    await stream.ended
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(stream.events()).toEqual([next(payload), COMPLETE])
  })

  test('of a subscription is its events, without an id where there is no cursor, and complete when its source ends', async () => {
    await using door = await startDoor()
    using stream = await ticking(door)
    for (const n of [1, 2, 3]) door.tick(n)
    door.end()
    await stream.ended
    expect(stream.events()).toEqual([tick(1), tick(2), tick(3), COMPLETE])
  })

  test('whose source breaks says so in a last next, masked', async () => {
    await using door = await startDoor()
    using stream = await ticking(door)
    door.tick(1)
    door.end(new Error('CANARY-source'))
    await stream.ended
    const [first, last, complete] = stream.events()
    expect([first, complete]).toEqual([tick(1), COMPLETE])
    expect(JSON.parse(last?.split('data: ')[1] ?? '')).toEqual({
      errors: [{ message: expect.any(String), extensions: expect.objectContaining({ code: expect.any(String) }) }]
    })
    expect(stream.text()).not.toContain('CANARY')
  })

  test.each([
    ['a token that is not valid', TICK, { authorization: 'Bearer nobody' }, 401, 'UNAUTHENTICATED'],
    ['a subscription by a caller who accepts JSON alone', TICK, { accept: 'application/json' }, 406, 'NOT_ACCEPTABLE']
  ])('never begins for %s', async (_, query, headers, status, code) => {
    await using door = await startDoor()
    using stream = await open(door, query, headers)
    await stream.ended
    expect(stream.status).toBe(status)
    expect(stream.headers['content-type']).toMatch(/json/)
    expect(JSON.parse(stream.text())).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  test.each([
    ['is not valid', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['cannot be parsed', '{', 'GRAPHQL_PARSE_FAILED']
  ])('tells of a document that %s as its one result', async (_, query, code) => {
    await using door = await startDoor()
    using stream = await open(door, query, {})
    await stream.ended
    expect(stream.status).toBe(200)
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const [only, complete, ...rest] = stream.events()
    expect(JSON.parse(only?.split('data: ')[1] ?? '')).toMatchObject({ errors: [{ extensions: { code } }] })
    expect([complete, rest]).toEqual([COMPLETE, []])
  })

  test('of a HEAD request has a head alone, and starts nothing', async () => {
    await using door = await startDoor()
    const response = await fetch(`${door.url}?query=${encodeURIComponent(TICK)}`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream', 'graphql-require-preflight': '1' }
    })
    expect(response.headers.get('content-type')).toMatch(/event-stream/)
    expect(door.asked).toEqual([])
  })

  test('can be asked for by GET', async () => {
    await using door = await startDoor()
    const response = await fetch(`${door.url}?query=${encodeURIComponent('{ hello }')}`, {
      headers: { accept: 'text/event-stream', 'graphql-require-preflight': '1' }
    })
    expect(await response.text()).toBe(`${next({ data: { hello: 'world' } })}\n\n${COMPLETE}\n\n`)
  })

  test('that is quiet carries comments, which no client sees', async () => {
    await using door = await startDoor({ transport: { keepAliveMs: 20 } })
    using stream = await ticking(door)
    await eventually(() => /^(:\n\n){4,}$/.test(stream.text()), 'no comments')
    expect(stream.events()).toEqual([])
  })
})

describe('an event stream ends', () => {
  test('its source when its reader leaves, at whatever moment', async () => {
    await using door = await startDoor()
    for (let i = 0; i < 60; i++) {
      const stream = open(door, TICK)
      if (i % 3 === 0) (await stream)[Symbol.dispose]()
      else void stream.then(opened => opened[Symbol.dispose]())
      door.tick(i)
    }
    await eventually(() => door.asked.length === 60, 'not all were asked for')
    await eventually(() => door.sources.size === 0, 'sources stay')
    await eventually(async () => (await door.running()) === 0, 'subscriptions stay in the metric')
  })

  test('with its token: an error and complete, and no event after it', async () => {
    await using door = await startDoor()
    using stream = await ticking(door, { authorization: 'Bearer alice:1500' })
    door.tick(1)
    await stream.ended
    door.tick(2)
    const events = stream.events()
    expect([events[0], events[2], events.length]).toEqual([tick(1), COMPLETE, 3])
    expect(events[1]).toContain('"code":"UNAUTHENTICATED"')
    await eventually(() => door.sources.size === 0, 'the source stays')
  })

  test('with its token though an event is ready and the process is late', async () => {
    await using door = await startDoor()
    using stream = await ticking(door, { authorization: 'Bearer alice:1000' })
    door.tick(1)
    block(1_100)
    await stream.ended
    expect(stream.events()).toEqual([expect.stringContaining('UNAUTHENTICATED'), COMPLETE])
  })

  test.each([
    ['when it has lasted long enough', { sessionMaxMs: 1_000 }, (_: TestDoor): void => undefined],
    ['when the router goes down', {}, (door: TestDoor): void => void door.drain(1_000)]
  ])('without complete %s, so that browsers open it again, each at another time', async (_, transport, end) => {
    await using door = await startDoor({ transport })
    using stream = await ticking(door)
    door.tick(1)
    await eventually(() => stream.events().length === 1, 'no event')
    end(door)
    await stream.ended
    expect(stream.events()).toEqual([tick(1), expect.stringMatching(/^retry: \d+$/)])
    await eventually(() => door.sources.size === 0, 'the source stays')
  })
})

describe('the readers of event streams', () => {
  test('count among their caller’s sockets', async () => {
    await using door = await startDoor({ transport: { socketsPerConsumer: 2 } })
    const authorization = 'Bearer alice'
    await using _socket = await Client.acknowledged(door.url, { authorization })
    const first = await ticking(door, { authorization })
    using refused = await open(door, TICK, { authorization })
    await refused.ended
    expect(refused.status).toBe(429)
    expect(refused.text()).toContain('RATE_LIMITED')
    // A query takes no place.
    using query = await open(door, '{ hello }', { authorization })
    await query.ended
    expect(query.status).toBe(200)
    first[Symbol.dispose]()
    await eventually(() => door.sources.size === 0, 'the source stays')
    using _again = await ticking(door, { authorization })
  })

  test('that read nothing stop their own source alone, and lose nothing', async () => {
    await using door = await startDoor({ transport: { keepAliveMs: 60_000 } })
    using other = await ticking(door)
    using slow = await open(door, BIG)
    slow.pause()
    for (let before = -1; before !== door.taken(); await delay(100)) before = door.taken()
    const taken = door.taken()
    expect(taken * BIG_BYTES).toBeLessThan(32 * 1024 * 1024)
    door.tick(1)
    await eventually(() => other.events().length === 1, 'the other reader waits')
    slow.resume()
    await eventually(() => slow.events().length > taken, 'it does not go on')
    const numbers = slow.events().flatMap(event => /"n":(\d+)/.exec(event)?.[1] ?? [])
    expect(numbers).toEqual(numbers.map((_, i) => String(i)))
  })

  test('leave everybody a turn between two events of a source that always has something', async () => {
    await using door = await startDoor()
    using stream = await open(door, 'subscription { big(bytes: 10) { n } }')
    await eventually(() => stream.events().length > 0, 'no event')
    let most = 0
    for (let i = 0; i < 200; i++) {
      const before = door.taken()
      await nextTurn()
      most = Math.max(most, door.taken() - before)
    }
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(2)
  })

  test('that take nothing at all are cut off', async () => {
    await using door = await startDoor({ transport: { keepAliveMs: 200 } })
    using slow = await open(door, BIG)
    slow.pause()
    await eventually(() => door.taken() > 0, 'it does not start')
    await eventually(() => door.sources.size === 0, 'the source stays')
    expect(await door.running()).toBe(0)
  })
})
