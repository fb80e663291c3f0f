import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { parse } from 'graphql'
import { type WebSocket, WebSocketServer } from 'ws'
import type { SubgraphRequest } from '../../../platform/executor/executor.ts'
import { subscribeOver } from '../../../platform/executor/subscribe/subscribe-over.ts'
import type { SubscriberLimits } from '../../../platform/executor/subscribe/subscriber.ts'
import { accessOf } from '../support.ts'

interface Message {
  readonly type: string
  readonly id?: string
}

/** A websocket server that does what a test says with each message. */
async function startRaw(receive: (message: Message, socket: WebSocket, send: (message: unknown) => void) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  await once(server, 'listening')
  const heard: Message[] = []
  let sockets = 0
  server.on('connection', socket => {
    sockets++
    const send = (message: unknown) => socket.send(JSON.stringify(message))
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as Message
      heard.push(message)
      receive(message, socket, send)
    })
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    heard,
    server,
    get sockets() {
      return sockets
    },
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      server.close()
    }
  }
}

const TEXT = 'subscription { n }'

function ask(over: Partial<SubgraphRequest> = {}): SubgraphRequest {
  return {
    operation: { kind: 'subscription', text: TEXT, document: parse(TEXT) },
    variables: {},
    access: accessOf(),
    ...over
  }
}

function subscriber(url: string, over: Partial<SubscriberLimits> = {}) {
  return subscribeOver('graphql-ws', { url, subgraph: 'raw', secret: null, forwardHeaders: ['a', 'b'], ...over })
}

const next = (id: string | undefined, n: number) => ({ id, type: 'next', payload: { data: { n } } })

/** Acknowledges, and answers each subscription with one event. */
const answering = (message: Message, _: WebSocket, send: (message: unknown) => void) => {
  if (message.type === 'connection_init') send({ type: 'connection_ack' })
  if (message.type === 'subscribe') send(next(message.id, 1))
}

describe('a socket to a subgraph', () => {
  test('is shared by subscriptions with the same headers, and by no others; it closes after the last', async () => {
    await using raw = await startRaw(answering)
    await using events = subscriber(raw.url)
    const same: readonly (Readonly<Record<string, string>> | undefined)[] = [
      { a: '1', b: '2' },
      { b: '2', a: '1', c: '5' },
      { a: '1', b: '3' },
      undefined
    ]
    const reading = same.map(headers => events.subscribe(ask(headers ? { headers } : {}))[Symbol.asyncIterator]())
    for (const iterator of reading) expect((await iterator.next()).value).toEqual({ data: { n: 1 } })
    expect(raw.sockets).toBe(3)
    const closed = Promise.all([...raw.server.clients].map(socket => once(socket, 'close')))
    await reading[0]?.return?.()
    const more = events.subscribe(ask({ headers: { a: '1', b: '2' } }))[Symbol.asyncIterator]()
    await more.next()
    expect(raw.sockets).toBe(3)
    for (const iterator of [...reading, more]) await iterator.return?.()
    await closed
    expect(raw.heard.filter(({ type }) => type === 'complete')).toHaveLength(5)
  })

  test('that the subgraph closes normally is told to every reader, and not opened again by itself', async () => {
    let subscriptions = 0
    await using raw = await startRaw((message, socket, send) => {
      answering(message, socket, send)
      if (message.type === 'subscribe' && ++subscriptions === 2) socket.close(1000, 'bye')
    })
    await using events = subscriber(raw.url)
    const reading = [1, 2].map(() => events.subscribe(ask())[Symbol.asyncIterator]())
    const first = await Promise.all(reading.map(iterator => iterator.next()))
    expect(first.map(({ value }) => value)).toEqual([{ data: { n: 1 } }, { data: { n: 1 } }])
    for (const iterator of reading) {
      await expect(iterator.next()).rejects.toMatchObject({
        code: 'SUBGRAPH_UNAVAILABLE',
        message: expect.stringContaining('1000')
      })
    }
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(raw.sockets).toBe(1)
    // Whoever subscribes anew gets a new one.
    const again = events.subscribe(ask())[Symbol.asyncIterator]()
    await again.next()
    expect(raw.sockets).toBe(2)
    await again.return?.()
  })

  test.each([
    ['refuses', 4403],
    ['wants something else', 4400],
    ['is gone', 1001]
  ])('says so when the subgraph %s', async (_, code) => {
    await using raw = await startRaw((_message, socket) => socket.close(code))
    await using events = subscriber(raw.url)
    await expect(events.subscribe(ask())[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      message: expect.stringContaining(String(code))
    })
    expect(raw.sockets).toBe(1)
  })

  test('says TIMEOUT when it is not acknowledged', async () => {
    await using raw = await startRaw(() => {})
    await using events = subscriber(raw.url, { timeoutMs: 50 })
    await expect(events.subscribe(ask())[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('is pinged, and is lost when no pong comes', async () => {
    await using raw = await startRaw(answering)
    await using events = subscriber(raw.url, { keepAliveMs: 30 })
    const iterator = events.subscribe(ask())[Symbol.asyncIterator]()
    await iterator.next()
    await expect(iterator.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(raw.heard.map(({ type }) => type)).toEqual(['connection_init', 'subscribe', 'ping'])
  })

  test('lives as long as pongs come, and answers pings', async () => {
    let pings = 0
    await using raw = await startRaw((message, socket, send) => {
      answering(message, socket, send)
      if (message.type === 'subscribe') send({ type: 'ping' })
      if (message.type !== 'ping') return
      send({ type: 'pong' })
      if (++pings === 2) send({ id: raw.heard.find(({ id }) => id)?.id, type: 'complete' })
    })
    await using events = subscriber(raw.url, { keepAliveMs: 300 })
    const iterator = events.subscribe(ask())[Symbol.asyncIterator]()
    await iterator.next()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(raw.heard.map(({ type }) => type)).toContain('pong')
  })

  test('is opened at a URL with a fragment, which is not sent', async () => {
    await using raw = await startRaw(answering)
    await using events = subscriber(`${raw.url}?shard=1#here`)
    const iterator = events.subscribe(ask())[Symbol.asyncIterator]()
    const [[, request]] = await Promise.all([once(raw.server, 'connection'), iterator.next()])
    expect(request).toMatchObject({ url: '/graphql?shard=1' })
    await iterator.return?.()
  })

  test.each([
    ['no JSON', 'what?'],
    ['no message', '{"type":"unheard"}'],
    ['an event that is no object', '{"type":"next","id":"ID","payload":7}'],
    ['an event that is no response', '{"type":"next","id":"ID","payload":{"hello":1}}'],
    ['errors that are none', '{"type":"next","id":"ID","payload":{"errors":[{"message":1}]}}'],
    ['paths that are none', '{"type":"next","id":"ID","payload":{"errors":[{"message":"x","path":"a"}]}}'],
    ['a data that is a list', '{"type":"next","id":"ID","payload":{"data":[]}}']
  ])('says that the subgraph cannot be understood when it sends %s', async (_, text) => {
    await using raw = await startRaw((message, socket, send) => {
      if (message.type === 'connection_init') send({ type: 'connection_ack' })
      if (message.type === 'subscribe') socket.send(text.replace('ID', String(message.id)))
    })
    await using events = subscriber(raw.url)
    await expect(events.subscribe(ask())[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE'
    })
  })

  test('ends one subscription by its errors and leaves the others alone', async () => {
    let failing: string | undefined
    await using raw = await startRaw((message, _, send) => {
      if (message.type === 'connection_init') send({ type: 'connection_ack' })
      if (message.type !== 'subscribe') return
      send(next(message.id, 1))
      if (failing === undefined) failing = message.id
      else {
        send({ id: failing, type: 'error', payload: [{ message: 'no more' }] })
        send({ id: '__proto__', type: 'complete' })
        send(next(message.id, 2))
      }
    })
    await using events = subscriber(raw.url)
    const [failed, other] = [1, 2].map(() => events.subscribe(ask())[Symbol.asyncIterator]())
    await Promise.all([failed?.next(), other?.next()])
    expect((await failed?.next())?.value).toEqual({ data: null, errors: [{ message: 'no more' }] })
    expect(await failed?.next()).toEqual({ done: true, value: undefined })
    await other?.return?.()
  })

  test('opens nothing more for a reader who left while it connected', async () => {
    await using raw = await startRaw((message, _, send) => {
      if (message.type === 'connection_init') setTimeout(() => send({ type: 'connection_ack' }), 30)
    })
    await using events = subscriber(raw.url)
    const stop = new AbortController()
    const first = events
      .subscribe(ask({ signal: stop.signal }))
      [Symbol.asyncIterator]()
      .next()
    await once(raw.server, 'connection')
    const [socket] = raw.server.clients
    stop.abort()
    expect(await first).toEqual({ done: true, value: undefined })
    if (socket) await once(socket, 'close')
    expect(raw.heard.map(({ type }) => type)).toEqual(['connection_init'])
  })
})
