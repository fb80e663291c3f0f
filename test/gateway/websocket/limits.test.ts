import { once } from 'node:events'
import { connect } from 'node:net'
import { createConnections } from '../../../gateway/serve/socket/connections.ts'
import { Client, eventually } from './client.ts'
import { startDoor } from './door.ts'

const TICK = 'subscription { tick { n } }'

describe('one socket', () => {
  test('runs so many operations and no more, and lives on', async () => {
    await using door = await startDoor({ transport: { operationsPerSocket: 3 } })
    await using client = await Client.acknowledged(door.url)
    for (const id of ['1', '2', '3', '4']) client.subscribe(id, TICK)
    expect(await client.until('error', '4')).toMatchObject({
      payload: [{ message: expect.stringContaining('3'), extensions: { code: 'RATE_LIMITED' } }]
    })
    await eventually(() => door.sources.size === 3, 'not three')
    client.complete('1')
    client.subscribe('4', TICK)
    await eventually(() => door.asked.length === 4, 'no room after complete')
    expect(door.sources.size).toBe(3)
  })

  test('may start all of its operations at once, as a client does that comes back', async () => {
    await using door = await startDoor({ transport: { operationsPerSocket: 100, messagesPerSecond: 10 } })
    await using client = await Client.acknowledged(door.url)
    for (let i = 0; i < 100; i++) client.subscribe(String(i), TICK)
    await eventually(() => door.sources.size === 100, 'not all of them run')
    expect(client.received).toHaveLength(1)
  })

  test.each([
    ['messages', (client: Client) => client.send({ type: 'ping' })],
    ['completes of nothing', (client: Client) => client.complete('x')],
    ['pings of the websocket itself', (client: Client) => client.socket.ping()],
    ['pongs of the websocket itself', (client: Client) => client.socket.pong()]
  ])('that sends too many %s is closed with 4429', async (_, send) => {
    await using door = await startDoor({ transport: { operationsPerSocket: 5, messagesPerSecond: 5 } })
    await using client = await Client.acknowledged(door.url)
    for (let i = 0; i < 40; i++) send(client)
    expect(await client.closed).toEqual({ code: 4429, reason: expect.stringMatching(/Too many messages/) })
  })

  test('that nobody has acknowledged is closed for a flood like any other', async () => {
    await using door = await startDoor({ transport: { operationsPerSocket: 5, messagesPerSecond: 5 } })
    await using client = await Client.open(door.url)
    for (let i = 0; i < 40; i++) client.send({ type: 'ping' })
    expect((await client.closed).code).toBe(4429)
  })

  test('a query that takes too long is stopped, and its socket lives on', async () => {
    await using door = await startDoor({ transport: { requestTimeoutMs: 50 } })
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', '{ held }')
    expect(await client.until('error', '1')).toMatchObject({ payload: [{ extensions: { code: 'TIMEOUT' } }] })
    // Its id is free though the subgraph goes on, and what that answers at last is for nobody.
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
    door.release()
    await client.settled()
    expect(client.of('1').map(({ type }) => type)).toEqual(['error', 'next', 'complete'])
  })
})

describe('a caller', () => {
  test('may have so many sockets, and its next one is told to come back', async () => {
    await using door = await startDoor({ transport: { socketsPerConsumer: 2 } })
    const alice = { authorization: 'Bearer alice' }
    await using one = await Client.acknowledged(door.url, alice)
    {
      await using _two = await Client.acknowledged(door.url, alice)
      await using three = await Client.open(door.url)
      three.send({ type: 'connection_init', payload: alice })
      const { code, reason } = await three.closed
      expect(code).toBe(1013)
      expect(JSON.parse(reason)).toEqual({ message: expect.any(String), retryAfterMs: expect.any(Number) })
      expect(three.received).toEqual([])
      // Somebody else is not concerned.
      await using _bob = await Client.acknowledged(door.url, { authorization: 'Bearer bob' })
    }
    await eventually(async () => (await door.metric('sockets')) === 1, 'sockets stay')
    await using _again = await Client.acknowledged(door.url, alice)
    one.subscribe('1', '{ hello }')
    await one.until('complete', '1')
  })
})

describe('an address', () => {
  test('may have so many sockets that have not proved who they are', async () => {
    await using door = await startDoor({ transport: { unprovenSocketsPerAddress: 2, initTimeoutMs: 60_000 } })
    await using silent = await Client.open(door.url)
    await using _other = await Client.open(door.url)
    const refused = new Client(door.url)
    const [response] = await new Promise<[{ statusCode?: number; headers: Record<string, unknown> }]>(resolve => {
      refused.socket.on('unexpected-response', (_, response) => resolve([response]))
    })
    expect(response.statusCode).toBe(503)
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
    refused.socket.terminate()
    // Another address is not concerned.
    await using _elsewhere = await Client.open(door.url, { localAddress: '127.0.0.2' })
    // Who has proved who it is makes room.
    silent.send({ type: 'connection_init', payload: { authorization: 'Bearer alice' } })
    await silent.until('connection_ack')
    await using _next = await Client.open(door.url)
  })

  test('counts those who need not prove who they are as long as they stay', async () => {
    await using door = await startDoor({ transport: { unprovenSocketsPerAddress: 1 } })
    {
      await using _anonymous = await Client.acknowledged(door.url)
      const refused = new Client(door.url)
      expect((await refused.closed).code).toBe(1006)
    }
    await eventually(async () => (await door.metric('sockets')) === 0, 'the socket stays')
    await using _next = await Client.acknowledged(door.url)
  })

  test('gets its places back from upgrades that fail', async () => {
    await using door = await startDoor({ transport: { unprovenSocketsPerAddress: 1 } })
    for (let i = 0; i < 5; i++) {
      const socket = connect(Number(new URL(door.url).port), '127.0.0.1')
      socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 400/)
      await once(socket, 'close')
    }
    await using _client = await Client.open(door.url)
  })

  test('is all of an IPv6 network that one customer commonly gets', () => {
    const connections = createConnections({ unprovenSocketsPerAddress: 1, socketsPerConsumer: 1 })
    const free = (address: string) => {
      const release = connections.unproven(address)
      release?.()
      return release !== null
    }
    const release = connections.unproven('2001:db8:0:1::1')
    expect(['2001:db8:0:1:ffff::2', '2001:db8::1:0:0:0:7', '2001:db8:0:1::1%eth0'].map(free)).toEqual([
      false,
      false,
      false
    ])
    expect(['2001:db8:0:2::1', '2001:db8::1', '::1', '192.0.2.1', '::ffff:192.0.2.1'].map(free)).not.toContain(false)
    release?.()
    release?.()
    expect(free('2001:db8:0:1::1')).toBe(true)
  })
})

describe('silence', () => {
  test('of a client that does not even answer pings ends its connection', async () => {
    await using door = await startDoor({ transport: { keepAliveMs: 250 } })
    await using client = await Client.acknowledged(door.url)
    client.subscribe('1', TICK)
    await eventually(() => door.sources.size === 1, 'the subscription does not start')
    client.socket.pause()
    await eventually(async () => (await door.metric('sockets')) === 0, 'the socket stays')
    await eventually(() => door.sources.size === 0, 'the source stays')
    client.socket.resume()
    expect((await client.closed).code).toBe(1006)
  })

  test('of a client that answers pings is none', async () => {
    await using door = await startDoor({ transport: { keepAliveMs: 250 } })
    await using client = await Client.acknowledged(door.url)
    for (let i = 0; i < 3; i++) await once(client.socket, 'ping')
    client.subscribe('1', '{ hello }')
    await client.until('complete', '1')
  })
})
