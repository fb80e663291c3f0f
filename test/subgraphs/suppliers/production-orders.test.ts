import { addDays } from '../../../subgraphs/suppliers/days.ts'
import { acknowledge, list, only, orderSubmitted, routed, short, startSuppliers } from './given.ts'

describe('a shortage', () => {
  test('triggers a production order with the bill of materials as it then is', async () => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const row = await only(t)
    expect(row).toMatchObject({
      supplier: { id: 'acme-bearings', name: 'Acme Bearings', stage: 'PILOT' },
      order: { id: 'ord_1' },
      sku: 'BRG',
      quantity: 10,
      bom: [
        { component: 'ball', quantityPer: '8', leadTimeDays: 2 },
        { component: 'cage', quantityPer: '1', leadTimeDays: 4 },
        { component: 'grease', quantityPer: '0.005', leadTimeDays: 1 }
      ],
      requiredBy: '2026-03-06',
      promise: null,
      status: 'TRIGGERED',
      triggeredAt: '2026-03-02T01:00:00.000Z',
      version: 1
    })
    await t.room.importBoms([{ sku: 'BRG', lines: [] }])
    expect((await only(t)).bom).toHaveLength(3)
    const [event] = await t.logEvents({ types: ['production-order.triggered'] })
    expect(event).toMatchObject({
      source: 'suppliers',
      aggregate: { type: 'production-order', id: row.id },
      version: 1,
      keys: {
        company: 'demo',
        orderId: 'ord_1',
        channel: 'TAOBAO',
        customerId: 'cus_1',
        supplierIds: ['acme-bearings']
      },
      data: {
        productionOrderId: row.id,
        orderId: 'ord_1',
        supplierId: 'acme-bearings',
        sku: 'BRG',
        quantity: 10,
        requiredBy: '2026-03-06'
      }
    })
  })

  test('is listed by a status that is said many times as if it were said once', async () => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    await only(t)
    const query = 'query ($filter: ProductionOrderFilter) { productionOrders(filter: $filter) { totalCount } }'
    const { data, errors } = await t.execute(query, { filter: { status: Array(40_000).fill('TRIGGERED') } })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ productionOrders: { totalCount: 1 } })
  })

  test('said again, in the same event or another, triggers nothing more', async () => {
    await using t = await startSuppliers()
    const shortage = { ...short('ord_1'), id: 'evt_short' }
    await t.append(orderSubmitted('ord_1'), shortage)
    await t.append(shortage, short('ord_1', 'BRG', 'acme-bearings', 4), short('ord_1', 'BRG', 'orient-filters'))
    expect(await only(t)).toMatchObject({ quantity: 10, supplier: { id: 'acme-bearings' } })
    expect(await t.logEvents({ types: ['production-order.triggered'] })).toHaveLength(1)
    expect(await t.parked()).toEqual([])
  })

  test('of several SKUs asks each supplier, and nobody where no supplier is named', async () => {
    await using t = await startSuppliers()
    const shortages = [
      { sku: 'BRG', quantity: 2, supplierId: 'acme-bearings' },
      { sku: 'FLT', quantity: 3, supplierId: 'orient-filters' },
      { sku: 'GIFT', quantity: 1, supplierId: null }
    ]
    await t.append(orderSubmitted('ord_1'), routed('ord_1', 'stock.shortage', { shortages }))
    expect((await list(t)).map(row => [row.sku, row.supplier?.id, row.quantity, row.bom.length])).toEqual([
      ['BRG', 'acme-bearings', 2, 3],
      ['FLT', 'orient-filters', 3, 0]
    ])
    expect(await t.parked()).toEqual([])
  })
})

describe('requiredBy', () => {
  test.each([
    ['the day before the promise begins', '2026-03-20T02:00:00.000Z', '2026-03-19'],
    ['that day in the company’s zone', '2026-03-20T17:00:00.000Z', '2026-03-20'],
    ['no day before the lead time allows', '2026-03-03T02:00:00.000Z', '2026-03-06']
  ])('is %s', async (_, promisedFrom, expected) => {
    await using t = await startSuppliers()
    const promise = {
      promisedFrom: '2026-04-01T00:00:00.000Z',
      promisedTo: '2026-04-02T00:00:00.000Z',
      revision: 1,
      reason: null
    }
    await t.append(
      orderSubmitted('ord_1'),
      routed('ord_1', 'promise.made', promise),
      routed('ord_1', 'promise.revised', { ...promise, promisedFrom, revision: 2 }),
      short('ord_1')
    )
    expect((await only(t)).requiredBy).toBe(expected)
  })
})

describe('an acknowledgement', () => {
  test('is the supplier’s promise, and tells the log', async () => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const { id } = await only(t)
    t.clock.advance(3_600_000)
    const answer = await acknowledge(t, {
      productionOrderId: id,
      expectedVersion: 1,
      promisedDate: '2026-03-09',
      quantity: 8
    })
    expect(answer.userErrors).toEqual([])
    expect(answer.productionOrder).toMatchObject({
      status: 'ACKNOWLEDGED',
      promise: { date: '2026-03-09', quantity: 8, acknowledgedAt: '2026-03-02T02:00:00.000Z' },
      version: 2
    })
    const [event] = await t.logEvents({ types: ['production-order.acknowledged'] })
    expect(event).toMatchObject({
      version: 2,
      keys: { orderId: 'ord_1', supplierIds: ['acme-bearings'] },
      data: {
        productionOrderId: id,
        orderId: 'ord_1',
        sku: 'BRG',
        quantity: 8,
        requestedQuantity: 10,
        promisedDate: '2026-03-09'
      }
    })
  })

  test.each([
    ['a day that is over', { promisedDate: '2026-03-01' }, 'DATE_IN_PAST', 'input.promisedDate', '2026-03-02'],
    ['a day out of reach', { promisedDate: '2028-03-02' }, 'DATE_TOO_FAR', 'input.promisedDate', '2028-03-01'],
    ['nothing', { quantity: 0 }, 'INVALID_QUANTITY', 'input.quantity', '10'],
    ['more than was asked for', { quantity: 11 }, 'INVALID_QUANTITY', 'input.quantity', '10'],
    ['what has changed since', { expectedVersion: 7 }, 'VERSION_CONFLICT', 'input.expectedVersion', 'Read it again'],
    ['an unknown production order', { productionOrderId: 'po_x' }, 'NOT_FOUND', 'input.productionOrderId', '']
  ])('is refused for %s', async (_, over, code, path, says) => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const { id } = await only(t)
    const answer = await acknowledge(t, { productionOrderId: id, promisedDate: '2026-03-09', quantity: 10, ...over })
    expect(answer.productionOrder).toBeNull()
    expect(answer.userErrors.map(error => [error.code, error.path?.join('.')])).toEqual([[code, path]])
    expect(answer.userErrors[0]?.message).toContain(says)
    expect(await only(t)).toMatchObject({ status: 'TRIGGERED', version: 1 })
  })

  test('takes today in the company’s zone, though it is yesterday in UTC', async () => {
    await using t = await startSuppliers({ now: '2026-03-02T17:00:00.000Z' })
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const { id } = await only(t)
    const early = await acknowledge(t, { productionOrderId: id, promisedDate: '2026-03-02', quantity: 1 })
    expect(early.userErrors).toMatchObject([{ code: 'DATE_IN_PAST' }])
    const today = await acknowledge(t, { productionOrderId: id, promisedDate: '2026-03-03', quantity: 1 })
    expect(today.userErrors).toEqual([])
  })

  test('is given once: of two at the same time one wins', async () => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const { id } = await only(t)
    const answers = await Promise.all(
      [1, 2].map(days =>
        acknowledge(t, { productionOrderId: id, promisedDate: addDays('2026-03-09', days), quantity: 10 })
      )
    )
    const refused = answers.flatMap(answer => answer.userErrors)
    expect(refused).toMatchObject([{ code: 'INVALID_TRANSITION', message: expect.stringContaining('ACKNOWLEDGED') }])
    expect(await t.logEvents({ types: ['production-order.acknowledged'] })).toHaveLength(1)
  })

  test('sent again with its key is answered again and said once', async () => {
    await using t = await startSuppliers()
    await t.append(orderSubmitted('ord_1'), short('ord_1'))
    const { id } = await only(t)
    const call = { idempotencyKey: 'once', productionOrderId: id, promisedDate: '2026-03-09', quantity: 10 }
    const first = await acknowledge(t, call)
    expect(await acknowledge(t, call)).toEqual(first)
    expect((await acknowledge(t, { ...call, quantity: 9 })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_MISMATCH' }
    ])
    expect(await t.logEvents({ types: ['production-order.acknowledged'] })).toHaveLength(1)
  })
})

test('a shortage that is not as its schema says is parked, and what follows is not held up', async () => {
  await using t = await startSuppliers()
  await t.append(
    orderSubmitted('ord_1'),
    routed('ord_1', 'stock.shortage', { shortages: [{ sku: 'BRG', supplierId: 'acme-bearings', quantity: 'two' }] })
  )
  await t.append(short('ord_1'))
  expect(await only(t)).toMatchObject({ quantity: 10 })
  expect(await t.parked()).toEqual(['stock.shortage'])
})
