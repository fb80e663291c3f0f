import { mutate, ORDER, type OrdersRoom, read, startOrders, submitted } from './given.ts'

describe('submitOrder', () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await startOrders()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  test('takes an order in and answers with it', async () => {
    const order = await submitted(t, { externalId: 'T-1' })
    expect(order).toMatchObject({
      externalId: 'T-1',
      status: 'AWAITING_PAYMENT',
      statusCode: 0,
      version: 1,
      total: { amount: '45.60', currency: 'CNY' },
      customer: { name: 'Li Lei' },
      note: 'please hurry',
      lines: [
        { sku: 'B1', unitPrice: { amount: '19.90' }, supplier: { id: 'acme-bearings' } },
        { sku: 'F1', supplier: { id: 'orient-filters' } }
      ],
      timeline: [{ status: 'AWAITING_PAYMENT', event: 'order.submitted', actor: 'tester' }]
    })
    expect(order.number).toMatch(/^O-[0-9A-Z]{10}$/)
    expect(await read(t, order.id)).toEqual(order)
  })

  test('says so in the log with its scope keys and without personal data', async () => {
    const order = await submitted(t, { customer: { ...ORDER.customer, externalId: 'buyer-2' } })
    const [event, ...others] = await t.logEvents({ orderId: order.id })
    expect(others).toEqual([])
    expect(event).toMatchObject({
      type: 'order.submitted',
      source: 'orders',
      aggregate: { type: 'order', id: order.id },
      version: 1,
      keys: {
        company: 'demo',
        orderId: order.id,
        channel: 'TAOBAO',
        customerId: order.customer?.id,
        supplierIds: ['acme-bearings', 'orient-filters'],
        region: 'Shanghai',
        carrier: null
      },
      data: {
        from: null,
        to: 'AWAITING_PAYMENT',
        total: 4560,
        currency: 'CNY',
        hasNote: true,
        backfill: false,
        lines: [{ sku: 'B1', quantity: 2, supplierId: 'acme-bearings', unitPrice: 1990, category: null }, { sku: 'F1' }]
      }
    })
    expect(JSON.stringify(event)).not.toMatch(/Li Lei|13800000000|hurry|buyer-2/)
  })

  test('does the same once for one idempotency key', async () => {
    const once = await mutate(t, 'submitOrder', { ...ORDER, idempotencyKey: 'same' })
    const twice = await mutate(t, 'submitOrder', { ...ORDER, idempotencyKey: 'same' })
    expect(twice).toEqual(once)
    const other = await mutate(t, 'submitOrder', { ...ORDER, idempotencyKey: 'same', note: 'another' })
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_MISMATCH' }])
  })

  test('refuses an external id or a number that is taken', async () => {
    await submitted(t, { externalId: 'T-2', number: 'N-2' })
    for (const over of [{ externalId: 'T-2' }, { number: 'N-2' }]) {
      const { order, userErrors } = await mutate(t, 'submitOrder', { ...ORDER, ...over })
      expect(order).toBeNull()
      expect(userErrors).toMatchObject([{ code: 'ALREADY_SUBMITTED', path: ['input'] }])
    }
  })

  test.each([
    ['no lines', { lines: [] }, 'it has no lines'],
    ['a third decimal', { lines: [{ sku: 'B1', quantity: 1, unitPrice: '1.999' }] }, 'more decimals'],
    ['a quantity of 0', { lines: [{ sku: 'B1', quantity: 0, unitPrice: '1' }] }, 'lines[0].quantity'],
    ['a negative price', { lines: [{ sku: 'B1', quantity: 1, unitPrice: '-1' }] }, 'lines[0].unitPrice'],
    ['a time in the future', { placedAt: '2126-01-01T00:00:00Z' }, 'placedAt is in the future'],
    ['an endless address', { shipTo: { line: 'x'.repeat(201) } }, 'shipTo.line has more than 200'],
    ['an endless postal code', { shipTo: { postalCode: 'x'.repeat(201) } }, 'shipTo.postalCode has more than 200'],
    ['many carriers', { preferences: { carriers: Array(11).fill('c') } }, 'preferences.carriers has more than 10'],
    ['an endless carrier', { preferences: { carriers: ['a', 'x'.repeat(65)] } }, 'preferences.carriers[1] has more'],
    ['an endless note', { note: 'x'.repeat(10_001) }, 'note has more than 10000'],
    ['no currency', { currency: 'yuan' }, 'ISO 4217']
  ])('refuses an order with %s', async (_, over, reason) => {
    const { userErrors } = await mutate(t, 'submitOrder', { ...ORDER, ...over })
    expect(userErrors).toMatchObject([{ code: 'INVALID_ORDER', message: expect.stringContaining(reason) }])
  })

  test('refuses an order outside the caller’s write scope', async () => {
    const access = t.access({ write: { Order: [{ channel: ['JD'] }] } })
    const { userErrors } = await mutate(t, 'submitOrder', ORDER, access)
    expect(userErrors).toMatchObject([{ code: 'OUT_OF_SCOPE' }])
  })

  test('takes a number that another channel has', async () => {
    await submitted(t, { number: 'N-3', channel: 'JD' })
    expect(await submitted(t, { number: 'N-3', channel: 'B2B' })).toMatchObject({ number: 'N-3' })
  })

  test('tells nobody which names are taken where they may not write, nor beside an order that they may not', async () => {
    await submitted(t, { number: 'N-4', externalId: 'T-4' })
    const access = t.access({ write: { Order: [{ channel: ['TAOBAO'] }] } })
    const codes = async (orders: readonly object[]) => {
      const answer = await t.execute<{ submitOrders: { userErrors: { code: string; path: string[] }[] } }>(
        `mutation ($orders: [OrderInput!]!) { submitOrders(input: { idempotencyKey: "${crypto.randomUUID()}", orders: $orders }) {
          userErrors { code path } } }`,
        { orders },
        access
      )
      return answer.data?.submitOrders.userErrors.map(({ code, path }) => `${code} ${path.at(-1)}`)
    }
    const taken = { ...ORDER, number: 'N-4' }
    expect(await codes([{ ...taken, channel: 'JD' }])).toEqual(['OUT_OF_SCOPE 0'])
    expect(await codes([taken, { ...ORDER, channel: 'JD' }])).toEqual(['OUT_OF_SCOPE 1'])
    expect(await codes([ORDER, { ...ORDER, externalId: 'T-4' }])).toEqual(['ALREADY_SUBMITTED 1'])
  })

  test('gives ids that do not follow from what was sent (K6)', async () => {
    const input = { externalId: 'T-5', idempotencyKey: 'T-5' }
    const order = await submitted(t, input)
    await using other = await startOrders()
    const again = await submitted(other, input)
    expect(again.id).not.toBe(order.id)
    expect(again.customer?.id).not.toBe(order.customer?.id)
    const next = await submitted(t, { externalId: 'T-6' })
    expect(next.customer?.id).toBe(order.customer?.id)
  })

  test('submits many orders, or none when one is refused', async () => {
    const submitAll = async (orders: readonly object[]) => {
      const answer = await t.execute<{ submitOrders: { orders: { number: string }[]; userErrors: object[] } }>(
        `mutation ($orders: [OrderInput!]!) { submitOrders(input: { idempotencyKey: "${crypto.randomUUID()}", orders: $orders }) {
          orders { number } userErrors { code path } } }`,
        { orders }
      )
      return answer.data?.submitOrders
    }
    const many = [
      { ...ORDER, number: 'M-1' },
      { ...ORDER, number: 'M-2' }
    ]
    expect(await submitAll(many)).toEqual({ orders: [{ number: 'M-1' }, { number: 'M-2' }], userErrors: [] })
    const mixed = [
      { ...ORDER, number: 'M-3' },
      { ...ORDER, number: 'M-3' }
    ]
    expect(await submitAll(mixed)).toEqual({
      orders: [],
      userErrors: [{ code: 'ALREADY_SUBMITTED', path: ['input', 'orders', '1'] }]
    })
    const found = await t.execute('{ orders(filter: { numberPrefix: "M-" }) { totalCount } }')
    expect(found.data).toEqual({ orders: { totalCount: 2 } })
  })
})
