import { imported, mutate, type OrdersRoom, read, startOrders, submitted } from './given.ts'

describe('an order’s life', () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await startOrders()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  test('goes from submitted to completed, each step with its version, event and time', async () => {
    const { id: orderId } = await submitted(t)
    t.clock.advance(60_000)
    expect((await mutate(t, 'payOrder', { orderId })).order).toMatchObject({
      status: 'PAID',
      statusCode: 1,
      version: 2
    })
    expect((await mutate(t, 'shipOrder', { orderId, carrier: 'swift-express' })).order).toMatchObject({
      status: 'SHIPPED',
      carrier: 'swift-express'
    })
    const { order } = await mutate(t, 'confirmReceipt', { orderId, expectedVersion: 3 })
    expect(order).toMatchObject({ status: 'COMPLETED', statusCode: 3, version: 4 })
    expect(order?.state.active).toContain('fulfillment.RECEIVED')
    expect(order?.timeline.map(({ event }) => event)).toEqual([
      'order.submitted',
      'order.paid',
      'order.shipped',
      'order.completed'
    ])
    const events = await t.logEvents({ orderId })
    expect(events.map(({ type, version, data }) => [type, version, data['from'], data['to']])).toEqual([
      ['order.submitted', 1, null, 'AWAITING_PAYMENT'],
      ['order.paid', 2, 'AWAITING_PAYMENT', 'PAID'],
      ['order.shipped', 3, 'PAID', 'SHIPPED'],
      ['order.completed', 4, 'SHIPPED', 'COMPLETED']
    ])
    expect(events[2]?.keys.carrier).toBe('swift-express')
    expect(events[1]?.at).toBe(order?.timeline[1]?.at)
  })

  test('refuses what the statechart does not allow, and says what it does', async () => {
    const { id: orderId } = await submitted(t)
    const { order, userErrors } = await mutate(t, 'shipOrder', { orderId })
    expect(order).toBeNull()
    expect(userErrors).toEqual([
      {
        code: 'INVALID_TRANSITION',
        message: 'An order that is AWAITING_PAYMENT does not allow shipOrder. Allowed now: payOrder, cancelOrder.',
        path: ['input', 'orderId']
      }
    ])
    const chinese = await mutate(t, 'shipOrder', { orderId }, t.access({ language: 'zh' }))
    expect(chinese.userErrors[0]?.message).toContain('不允许 shipOrder')
    expect((await t.logEvents({ orderId })).length).toBe(1)
  })

  test('refuses an endless reason or carrier', async () => {
    const { id: orderId } = await submitted(t)
    const cancelled = await mutate(t, 'cancelOrder', { orderId, reason: 'x'.repeat(501) })
    expect(cancelled.userErrors).toMatchObject([{ code: 'TEXT_TOO_LONG', path: ['input', 'reason'] }])
    await mutate(t, 'payOrder', { orderId })
    const shipped = await mutate(t, 'shipOrder', { orderId, carrier: 'x'.repeat(65) })
    expect(shipped.userErrors).toMatchObject([{ code: 'TEXT_TOO_LONG', path: ['input', 'carrier'] }])
    expect((await read(t, orderId))?.version).toBe(2)
  })

  test('cancels with a reason that stays out of the log', async () => {
    const { id: orderId } = await submitted(t)
    const { order } = await mutate(t, 'cancelOrder', { orderId, reason: 'Li Lei moved' })
    expect(order).toMatchObject({ status: 'CANCELLED', statusCode: 4, cancelReason: 'Li Lei moved' })
    expect(JSON.stringify(await t.logEvents({ orderId }))).not.toContain('moved')
  })

  test('refuses a change over another version than the caller read', async () => {
    const { id: orderId } = await submitted(t)
    const input = { orderId, expectedVersion: 2, idempotencyKey: `retry-${orderId}` }
    expect((await mutate(t, 'payOrder', input)).userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }])
    expect((await mutate(t, 'payOrder', { orderId, expectedVersion: 1 })).order?.version).toBe(2)
  })

  test('gives the versions of concurrent changes without gaps', async () => {
    const { id: orderId } = await submitted(t)
    const answers = await Promise.all([
      mutate(t, 'payOrder', { orderId }),
      mutate(t, 'payOrder', { orderId }),
      mutate(t, 'cancelOrder', { orderId })
    ])
    const refused = answers.filter(({ userErrors }) => userErrors.length > 0)
    expect(refused.map(({ userErrors }) => userErrors[0]?.code)).toEqual(['INVALID_TRANSITION'])
    expect((await t.logEvents({ orderId })).map(({ version }) => version)).toEqual([1, 2, 3])
  })

  test('is hidden from who may not read it, and closed to who may only read it', async () => {
    const { id: orderId } = await submitted(t)
    const stranger = t.access({ read: { Order: [{ channel: ['JD'] }] }, write: { Order: [{ channel: ['JD'] }] } })
    expect((await mutate(t, 'payOrder', { orderId }, stranger)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    const reader = t.access({ write: {} })
    expect((await mutate(t, 'payOrder', { orderId }, reader)).userErrors).toMatchObject([{ code: 'OUT_OF_SCOPE' }])
    const otherCompany = t.access({ company: 'other' })
    expect((await mutate(t, 'payOrder', { orderId }, otherCompany)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await read(t, orderId))?.version).toBe(1)
  })

  test('does not let a caller move an order out of its own write scope', async () => {
    const history = [{ status: 'PAID', at: '2018-01-09T16:48:00.000Z' }] as const
    const [result] = await t.room.importOrders([imported('carried', { carrier: 'swift-express', history })])
    const orderId = result && 'id' in result ? result.id : ''
    const carrier = t.access({ write: { Order: [{ carrier: ['swift-express'] }] } })
    const away = await mutate(t, 'shipOrder', { orderId, carrier: 'slow-boats' }, carrier)
    expect(away.userErrors).toMatchObject([{ code: 'OUT_OF_SCOPE' }])
    expect((await mutate(t, 'shipOrder', { orderId }, carrier)).order).toMatchObject({ carrier: 'swift-express' })
  })

  test('reads a mutation’s own effect by its position', async () => {
    const { id } = await submitted(t)
    const answer = await t.execute(
      `mutation { payOrder(input: { idempotencyKey: "position-${id}", orderId: "${id}" }) { order { status } } }`
    )
    const [, paid] = await t.logEvents({ orderId: id })
    expect(answer.extensions.position).toBe(paid?.position)
  })
})
