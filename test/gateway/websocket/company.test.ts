import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { submitOrder } from '../../support/story.ts'
import { Client, eventually } from './client.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

const SUBSCRIBE = 'subscription { orderStatusChanged { id order { id } } }'
const AFTER = 'subscription ($after: Cursor) { orderStatusChanged(after: $after) { id order { id } } }'

interface Acknowledgement {
  readonly payload: { readonly cursor: string }
}

interface Event {
  readonly payload: {
    readonly data: { readonly orderStatusChanged: { readonly order: { readonly id: string } } }
    readonly extensions: { readonly cursor: string; readonly prev: string }
  }
}

async function acknowledged(consumer = 'sales', seconds = 600): Promise<Client> {
  return Client.acknowledged(gateway.url, { authorization: `Bearer ${await gateway.token(consumer, seconds)}` })
}

test('the acknowledgement carries a cursor, from which nothing is missed that happened before the subscription', async () => {
  await using client = await acknowledged()
  const { payload } = await client.until<Acknowledgement>('connection_ack')
  const made = await submitOrder(gateway, 'DIRECT')
  client.subscribe('1', AFTER, { variables: { after: payload.cursor } })
  const event = await client.until<Event>('next', '1')
  expect(event.payload.data.orderStatusChanged.order.id).toBe(made.id)
  expect(event.payload.extensions).toEqual({ cursor: expect.any(String), prev: expect.any(String) })
})

test('a query sees what its caller may see', async () => {
  await using client = await acknowledged()
  client.subscribe('1', '{ viewer { id } }')
  expect(await client.until('next', '1')).toMatchObject({ payload: { data: { viewer: { id: 'sales' } } } })
})

test('a token that is not valid is refused with 4401', async () => {
  await using client = await Client.open(gateway.url)
  client.send({ type: 'connection_init', payload: { authorization: 'Bearer a.b.c' } })
  expect((await client.closed).code).toBe(4401)
  await using nobody = await Client.open(gateway.url)
  nobody.send({ type: 'connection_init' })
  expect((await nobody.closed).code).toBe(4401)
})

test('the end of the token ends the socket with 4403; with a new one and the cursor nothing is lost', async () => {
  await using client = await acknowledged('sales', 2)
  const { payload } = await client.until<Acknowledgement>('connection_ack')
  client.subscribe('1', SUBSCRIBE)
  expect(await client.closed).toEqual({ code: 4403, reason: expect.stringMatching(/expired/i) })

  const missed = await submitOrder(gateway, 'DIRECT')
  await using again = await acknowledged()
  again.subscribe('1', AFTER, { variables: { after: payload.cursor } })
  const event = await again.until<Event>('next', '1')
  expect(event.payload.data.orderStatusChanged.order.id).toBe(missed.id)
  expect(client.of('1')).toEqual([])
})

test('a subscription that its client completes is freed', async () => {
  await eventually(async () => !(await running()), 'another subscription is left')
  await using client = await acknowledged()
  client.subscribe('1', SUBSCRIBE)
  await eventually(running, 'the subscription does not start')
  client.complete('1')
  await eventually(async () => !(await running()), 'the subscription stays')
})

test('a position to read after is a whole number alone', async () => {
  await using client = await acknowledged()
  client.subscribe('1', '{ viewer { id } }', { extensions: { readAfter: -1.5 } })
  expect(await client.until('error', '1')).toMatchObject({ payload: [{ extensions: { code: 'BAD_REQUEST' } }] })
})

async function running(): Promise<boolean> {
  return (await gateway.gateway.metrics.subscriptions.get()).values[0]?.value !== 0
}
