import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { submitOrder } from '../support/story.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

const PAY =
  'mutation ($id: ID!, $key: String!) { payOrder(input: { orderId: $id, idempotencyKey: $key }) { order { status promise { promisedTo } } } }'
const PROMISE = 'query ($id: ID!) { order(id: $id) { status promise { promisedTo } } }'
const PROMISED = { status: 'PAID', promise: { promisedTo: expect.any(String) } }

describe('what a caller has written, it reads (W3)', () => {
  test('in the payload of its own mutation, from rooms that heard of it through the log', async () => {
    const { id } = await submitOrder(gateway, 'DIRECT')
    const { body } = await gateway.ask('operator', PAY, { id, key: 'pay-1' })
    expect(body.data).toEqual({ payOrder: { order: PROMISED } })
    expect(body.extensions).toEqual({ position: expect.any(Number) })
  })

  test('in the next request, when it sends the position that it was given', async () => {
    for (let i = 0; i < 10; i++) {
      const { id } = await submitOrder(gateway, 'DIRECT')
      const paid = await gateway.ask('operator', PAY.replace('promise { promisedTo }', ''), {
        id,
        key: `pay-next-${i}`
      })
      const position = String(paid.body.extensions?.['position'])
      const { body } = await gateway.ask('operator', PROMISE, { id }, { 'read-after': position })
      expect(body).toEqual({ data: { order: PROMISED } })
    }
  })

  test('or is told that the answer is stale, when the log has not come so far', async () => {
    const { id } = await submitOrder(gateway, 'DIRECT')
    const { body } = await gateway.ask('operator', PROMISE, { id }, { 'read-after': '999999' })
    expect(body.extensions).toMatchObject({ stale: true })
  })

  test('and a position that is no number is refused', async () => {
    const { status, body } = await gateway.ask('operator', PROMISE, { id: 'x' }, { 'read-after': 'soon' })
    expect([status, body.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST'])
  })
})
