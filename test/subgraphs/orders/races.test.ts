import { dropSchemas, hasMysql, mysqlUrl } from '../../support/mysql.ts'
import { mutate, ORDER, type OrdersRoom, read, startOrders, submitted } from './given.ts'

const suite = (start: () => Promise<OrdersRoom>) => () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await start()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  test('give an order that is submitted many times at once to one of them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => mutate(t, 'submitOrder', { ...ORDER, externalId: 'once' }))
    )
    const codes = answers.map(({ order, userErrors }) => (order ? 'submitted' : userErrors[0]?.code))
    expect(codes.sort()).toEqual([...Array.from({ length: 5 }, () => 'ALREADY_SUBMITTED'), 'submitted'])
  })

  test('let either a payment or a cancellation of one version win', async () => {
    const { id: orderId } = await submitted(t)
    const answers = await Promise.all(
      (['payOrder', 'cancelOrder', 'payOrder', 'cancelOrder'] as const).map(mutation =>
        mutate(t, mutation, { orderId, expectedVersion: 1 })
      )
    )
    const lost = answers.filter(({ order }) => order === null)
    expect(lost.map(({ userErrors }) => userErrors[0]?.code)).toEqual(Array(3).fill('VERSION_CONFLICT'))
    expect((await t.logEvents({ orderId })).map(({ version }) => version)).toEqual([1, 2])
  })

  test('let either a cancellation or a return of a paid order win', async () => {
    for (let round = 0; round < 5; round++) {
      const { id: orderId } = await submitted(t)
      await mutate(t, 'payOrder', { orderId })
      const data = { returnId: `ret_${round}`, orderId }
      const [{ order }] = await Promise.all([
        mutate(t, 'cancelOrder', { orderId }),
        t.append({
          type: 'return.requested',
          aggregate: { type: 'return', id: data.returnId },
          keys: { orderId },
          data
        })
      ])
      const events = await t.logEvents({ orderId })
      const accepted = events.some(({ type }) => type === 'order.return-accepted')
      expect(accepted).toBe(order === null)
      expect(events.filter(({ source }) => source === 'orders').map(({ version }) => version)).toEqual(
        accepted ? [1, 2, 3] : [1, 2, 3, 4]
      )
      const after = await read(t, orderId)
      expect([after?.status, after?.state.reverse]).toEqual(accepted ? ['PAID', 'REQUESTED'] : ['CANCELLED', 'NONE'])
    }
  })

  test('do not disturb lists', async () => {
    const { data } = await t.execute(
      '{ orders(filter: { channel: TAOBAO, supplierId: "acme-bearings", numberPrefix: "O-" }, orderBy: { field: TOTAL }, first: 2) { totalCount nodes { lines { sku } } } }'
    )
    const lines = [{ sku: 'B1' }, { sku: 'F1' }]
    expect(data).toEqual({ orders: { totalCount: 7, nodes: [{ lines }, { lines }] } })
  })
}

describe('races (sqlite)', suite(startOrders))

const mysql = hasMysql ? describe : describe.skip
mysql(
  'races (mysql)',
  suite(async () => {
    const url = await mysqlUrl('orders')
    const t = await startOrders({ url })
    return {
      ...t,
      async [Symbol.asyncDispose]() {
        await t[Symbol.asyncDispose]()
        await dropSchemas(url)
      }
    }
  })
)
