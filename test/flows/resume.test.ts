import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { createClient, OrderStatusChangedDocument } from '../../sdk/src/index.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { change, submitOrder } from '../support/story.ts'

const ORDERS = 50
/** Of each order: paid, shipped, completed; with the submission, four changes. */
const CHANGES = ORDERS * 4

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

/** A TCP proxy before the gateway that can cut every connection, as a network does. */
async function startProxy(target: URL) {
  const open = new Set<Socket>()
  const server = createServer(client => {
    const upstream = dial(Number(target.port), 'localhost')
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => undefined).on('close', () => open.delete(socket))
    }
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    cut() {
      for (const socket of open) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
    }
  }
}

test('a subscriber killed again and again while 200 status changes are made sees every one, in order per order', async () => {
  await using proxy = await startProxy(new URL(gateway.url))
  await using client = createClient({ url: proxy.url, token: () => gateway.token('sales'), WebSocket })
  const stopped = new AbortController()
  const seen: { order: string; version: number; to: string; id: string }[] = []
  let listening: () => void = () => undefined
  const ready = new Promise<void>(resolve => {
    listening = resolve
  })
  const reading = (async () => {
    for await (const { data } of client.subscribe(OrderStatusChangedDocument, {}, { signal: stopped.signal })) {
      const event = data?.orderStatusChanged
      if (!event) continue
      if (seen.length === 0) listening()
      seen.push({ order: event.order?.id ?? '', version: event.version ?? 0, to: event.to, id: event.id })
      if (seen.length % 17 === 0) proxy.cut()
    }
  })()

  // The first events are made until the subscription is known to run; they belong to an order that does not count.
  const warmUp = await submitOrder(gateway, 'DIRECT')
  const pinging = setInterval(() => void submitOrder(gateway, 'DIRECT', { customer: { externalId: 'warm-up' } }), 200)
  await ready
  clearInterval(pinging)

  const made: string[] = []
  for (let i = 0; i < ORDERS; i++) {
    const { id } = await submitOrder(gateway, 'TAOBAO')
    made.push(id)
    for (const [field, type] of [
      ['payOrder', 'PayOrderInput'],
      ['shipOrder', 'ShipOrderInput'],
      ['confirmReceipt', 'ConfirmReceiptInput']
    ] as const) {
      await change(gateway, field, type, 'order { id }', { orderId: id })
    }
  }
  const mine = () => seen.filter(({ order }) => made.includes(order))
  for (let i = 0; mine().length < CHANGES && i < 800; i++) await new Promise(resolve => setTimeout(resolve, 25))
  stopped.abort()
  await reading

  expect(warmUp.id).toBeTruthy()
  expect(mine()).toHaveLength(CHANGES)
  expect(new Set(mine().map(({ id }) => id)).size).toBe(CHANGES)
  for (const id of made) {
    expect(
      mine()
        .filter(({ order }) => order === id)
        .map(({ to }) => to)
    ).toEqual(['AWAITING_PAYMENT', 'PAID', 'SHIPPED', 'COMPLETED'])
  }
}, 120_000)

test('a partner receives only the events of its own channel, from a cursor that it had before the first', async () => {
  await using client = createClient({ url: gateway.url, token: () => gateway.token('mall-partner'), WebSocket })
  const after = await ackCursor('mall-partner')
  const first = await submitOrder(gateway, 'WECHAT')
  await submitOrder(gateway, 'JD')
  const last = await submitOrder(gateway, 'WECHAT')
  const seen: (string | undefined)[] = []
  for await (const { data } of client.subscribe(OrderStatusChangedDocument, { after })) {
    seen.push(data?.orderStatusChanged.order?.id)
    if (seen.at(-1) === last.id) break
  }
  expect(seen).toEqual([first.id, last.id])
})

test.each([
  ['forged', 'bm90IG9uZSBvZiBvdXJz', 'CURSOR_INVALID'],
  ['of another subscription', '', 'CURSOR_INVALID']
])('a cursor that is %s is refused, never read as "now"', async (kind, forged, code) => {
  await using client = createClient({ url: gateway.url, token: () => gateway.token('sales'), WebSocket })
  const after = kind === 'forged' ? forged : await foreignCursor()
  const reading = client.subscribe(OrderStatusChangedDocument, { after })
  await expect(reading.next()).rejects.toMatchObject({ code })
})

/** The cursor that a socket's acknowledgement carries: a place before anything was delivered. */
async function ackCursor(consumer: string): Promise<string> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), ['graphql-transport-ws'])
  await once(socket, 'open')
  socket.send(
    JSON.stringify({
      type: 'connection_init',
      payload: { authorization: `Bearer ${await gateway.token(consumer)}` }
    })
  )
  const [message] = await once(socket, 'message')
  socket.close()
  return (JSON.parse(String(message)) as { payload: { cursor: string } }).payload.cursor
}

/** A real cursor of a different subscription field. */
async function foreignCursor(): Promise<string> {
  const { createCursors } = await import('../../gateway/subscribe/cursor.ts')
  const { loadSecrets } = await import('../../gateway/secrets.ts')
  const { cursor } = await loadSecrets(gateway.config)
  return createCursors(cursor).write({
    epoch: gateway.gateway.log?.epoch ?? '',
    position: 0,
    company: 'demo',
    field: 'returnUpdated'
  })
}
