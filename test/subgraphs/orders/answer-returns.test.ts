import { mutate, type OrdersRoom, read, startOrders, submitted } from './given.ts'

const fromReturns = (type: string, orderId: string, returnId = 'ret_1') => ({
  type,
  source: 'returns',
  aggregate: { type: 'return', id: returnId },
  keys: { orderId },
  data: { returnId, orderId }
})

describe('what returns asks of an order', () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await startOrders()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  const paid = async () => {
    const { id: orderId } = await submitted(t)
    await mutate(t, 'payOrder', { orderId })
    return orderId
  }

  const answers = async (orderId: string) => {
    const events = await t.logEvents({ orderId })
    return events
      .filter(({ type }) => /^order\.re/.test(type))
      .map(({ type, version, data }) => ({ type, version, data }))
  }

  test('is accepted for a paid order, which then follows the return', async () => {
    const orderId = await paid()
    await t.append(fromReturns('return.requested', orderId))
    await t.append(fromReturns('return.approved', orderId))
    await t.append(fromReturns('return.received', orderId))
    expect(await answers(orderId)).toEqual([
      { type: 'order.return-accepted', version: 3, data: { returnId: 'ret_1' } },
      { type: 'order.reverse-changed', version: 4, data: { returnId: 'ret_1', reverse: 'APPROVED' } },
      { type: 'order.reverse-changed', version: 5, data: { returnId: 'ret_1', reverse: 'RECEIVED' } }
    ])
    const order = await read(t, orderId)
    expect(order).toMatchObject({ status: 'PAID', version: 5, state: { reverse: 'RECEIVED' } })
    expect(order?.timeline.at(-1)).toMatchObject({ event: 'order.reverse-changed', actor: 'returns', status: 'PAID' })
  })

  test.each([
    ['unpaid', 'ORDER_NOT_PAID', async () => (await submitted(t)).id],
    [
      'cancelled',
      'ORDER_CANCELLED',
      async () => {
        const orderId = await paid()
        await mutate(t, 'cancelOrder', { orderId })
        return orderId
      }
    ],
    [
      'already returning',
      'RETURN_OPEN',
      async () => {
        const orderId = await paid()
        await t.append(fromReturns('return.requested', orderId, 'ret_0'))
        return orderId
      }
    ]
  ])('is refused for an order that is %s', async (_, reason, given) => {
    const orderId = await given()
    await t.append(fromReturns('return.requested', orderId, 'ret_2'))
    expect((await answers(orderId)).at(-1)).toMatchObject({
      type: 'order.return-refused',
      data: { returnId: 'ret_2', reason }
    })
  })

  test('keeps a cancellation and a return from both winning, whichever comes first', async () => {
    const orderId = await paid()
    await t.append(fromReturns('return.requested', orderId))
    const { userErrors } = await mutate(t, 'cancelOrder', { orderId })
    expect(userErrors).toMatchObject([{ code: 'INVALID_TRANSITION' }])
    await t.append(fromReturns('return.declined', orderId))
    expect((await mutate(t, 'cancelOrder', { orderId })).order).toMatchObject({ status: 'CANCELLED' })
  })

  test('is answered once, however often the log says it', async () => {
    const orderId = await paid()
    const request = { ...fromReturns('return.requested', orderId), id: `evt_${orderId}` }
    await t.append(request)
    await t.append(request)
    expect((await answers(orderId)).length).toBe(1)
  })
})
