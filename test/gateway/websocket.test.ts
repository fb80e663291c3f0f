import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import WebSocket from 'ws'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

/** A bare socket that keeps what it receives. */
function open(protocols: string[] = ['graphql-transport-ws'], headers: Record<string, string> = {}) {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), protocols, { headers })
  const received: { type: string; id?: string; payload?: never }[] = []
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    socket.on('error', () => undefined)
  })
  socket.on('message', data => received.push(JSON.parse(data.toString())))
  return {
    socket,
    received,
    closed,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async until<T = { type: string; payload: never }>(type: string, id?: string): Promise<T> {
      for (let i = 0; i < 1000; i++) {
        const found = received.find(m => m.type === type && (id === undefined || m.id === id))
        if (found) return found as T
        await delay(5)
      }
      throw new Error(`no ${type} among ${JSON.stringify(received)}`)
    }
  }
}

async function acknowledged(consumer = 'sales', seconds = 600) {
  const client = open()
  await once(client.socket, 'open')
  client.send({
    type: 'connection_init',
    payload: { authorization: `Bearer ${await gateway.token(consumer, seconds)}` }
  })
  await client.until('connection_ack')
  return client
}

const SUBSCRIBE = { query: 'subscription { orderStatusChanged { id } }' }

describe('graphql-transport-ws', () => {
  test('acknowledges a known caller with a cursor, and answers queries', async () => {
    const client = await acknowledged()
    expect(await client.until('connection_ack')).toMatchObject({ payload: { cursor: expect.any(String) } })
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ viewer { id } }' } })
    expect(await client.until('next', '1')).toMatchObject({ payload: { data: { viewer: { id: 'sales' } } } })
    await client.until('complete', '1')
    client.socket.close()
  })

  test('answers what validation refuses with an error message, and stays open', async () => {
    const client = await acknowledged()
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { nothing }' } })
    expect(await client.until('error', '1')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]
    })
    client.send({ type: 'subscribe', id: '2', payload: { query: '{ viewer { id } }' } })
    await client.until('complete', '2')
    client.socket.close()
  })

  test('closes 4401 for a subscribe before the acknowledgement and for a token that is not valid', async () => {
    const early = open()
    await once(early.socket, 'open')
    early.send({ type: 'subscribe', id: '1', payload: SUBSCRIBE })
    expect((await early.closed).code).toBe(4401)

    const forged = open()
    await once(forged.socket, 'open')
    forged.send({ type: 'connection_init', payload: { authorization: 'Bearer a.b.c' } })
    expect((await forged.closed).code).toBe(4401)
  })

  test('closes 4400 for what is no message, 4429 for a second init, 4409 for an id in use', async () => {
    const bad = open()
    await once(bad.socket, 'open')
    bad.send('not json')
    expect((await bad.closed).code).toBe(4400)

    const twice = await acknowledged()
    twice.send({ type: 'connection_init' })
    expect((await twice.closed).code).toBe(4429)

    const same = await acknowledged()
    same.send({ type: 'subscribe', id: '1', payload: SUBSCRIBE })
    same.send({ type: 'subscribe', id: '1', payload: SUBSCRIBE })
    expect((await same.closed).code).toBe(4409)
  })

  test('refuses sockets without our subprotocol, and pages of other origins', async () => {
    const none = open([])
    expect((await none.closed).code).toBe(4406)
    // A client that offers only the legacy protocol finds none chosen, and gives up by itself.
    expect((await open(['graphql-ws']).closed).code).toBe(1006)
    const foreign = open(['graphql-transport-ws'], { origin: 'https://evil.example' })
    expect((await foreign.closed).code).toBe(1006)
  })

  test('ends the socket with 4403 when the token expires', async () => {
    const client = await acknowledged('sales', 1)
    client.send({ type: 'subscribe', id: '1', payload: SUBSCRIBE })
    expect(await client.closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/expired/i) })
  })

  test('frees a subscription that its client completes', async () => {
    const client = await acknowledged()
    const running = async () => (await gateway.gateway.metrics.subscriptions.get()).values[0]?.value
    client.send({ type: 'subscribe', id: '1', payload: SUBSCRIBE })
    for (let i = 0; (await running()) !== 1 && i < 400; i++) await delay(5)
    expect(await running()).toBe(1)
    client.send({ type: 'complete', id: '1' })
    for (let i = 0; (await running()) !== 0 && i < 400; i++) await delay(5)
    expect(await running()).toBe(0)
    client.socket.close()
  })

  test('takes a position to read after as a whole number alone', async () => {
    const client = await acknowledged()
    client.send({
      type: 'subscribe',
      id: '1',
      payload: { query: '{ viewer { id } }', extensions: { readAfter: -1.5 } }
    })
    expect(await client.until('error', '1')).toMatchObject({ payload: [{ extensions: { code: 'BAD_REQUEST' } }] })
    client.socket.close()
  })
})

describe('a process lives through', () => {
  const UPGRADE =
    'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const dial = () => connect(Number(new URL(gateway.url).port), '127.0.0.1')
  const alive = async () => (await fetch(new URL('/livez', gateway.url))).status

  test('an upgrade and a request whose target is no URL', async () => {
    for (const head of [`GET // HTTP/1.1\r\n${UPGRADE}`, 'GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n']) {
      const socket = dial()
      socket.write(head)
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 40[04]/)
      socket.destroy()
    }
    expect(await alive()).toBe(200)
  })

  test('connections that are reset in the middle of their upgrade', async () => {
    for (let i = 0; i < 300; i++) {
      const socket = dial().on('error', () => undefined)
      socket.write(`GET ${i % 2 ? '/nope' : '/graphql'} HTTP/1.1\r\n${UPGRADE}`)
      await delay(i % 4)
      socket.resetAndDestroy()
    }
    expect(await alive()).toBe(200)
  })
})
