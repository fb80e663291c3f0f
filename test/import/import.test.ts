import { csvFiles, type Importing, OLIST_MAPPING, SAMPLE, startImporting } from './given.ts'

interface Listed {
  readonly externalId: string
  readonly status: string
  readonly total: { readonly amount: string } | null
  readonly customer: { readonly externalId: string; readonly region: string | null }
  readonly lines: readonly { readonly sku: string; readonly name: string; readonly supplier: { readonly id: string } }[]
  readonly timeline: readonly { readonly at: string; readonly status: string }[]
}

describe('an import of a messy export', () => {
  let t: Importing
  const listed = async () => {
    const { data } = await t.orders.execute<{ orders: { nodes: readonly Listed[] } }>(
      `{ orders(first: 100) { nodes { externalId status total { amount } customer { externalId region }
        lines { sku name supplier { id } } timeline { at status } } } }`
    )
    return new Map((data?.orders.nodes ?? []).map(order => [order.externalId, order]))
  }

  beforeAll(async () => {
    t = await startImporting()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  test('accounts for every row of every file', async () => {
    const report = await t.run(OLIST_MAPPING, await csvFiles(SAMPLE))
    const counts = report.files.map(({ file, ...counts }) => [file, Object.values(counts).slice(1).join(' ')])
    expect(Object.fromEntries(counts)).toEqual({
      // rows, imported, unchanged, rejected, joined
      'sellers.csv': '3 2 0 1 0',
      'products.csv': '3 2 0 1 0',
      'customers.csv': '5 0 0 3 2',
      'order_items.csv': '8 0 0 5 3',
      'payments.csv': '3 0 0 0 3',
      'orders.csv': '16 8 1 7 0'
    })
    for (const { rows, imported, unchanged, rejected, joined } of report.files) {
      expect(imported + unchanged + rejected + joined).toBe(rows)
    }
    expect(report.rejects.rows).toBe(report.files.reduce((sum, { rejected }) => sum + rejected, 0))
    expect(report.orders).toEqual({
      imported: 8,
      unchanged: 1,
      rejected: 7,
      byStatus: { AWAITING_PAYMENT: 1, PAID: 2, SHIPPED: 1, COMPLETED: 3, CANCELLED: 2 }
    })
  })

  test('says of each rejected row where it stands and why', async () => {
    expect([...(await t.rejects())].sort()).toEqual([
      'customers.csv:4 its order was rejected: orders.csv line 10',
      'customers.csv:5 no order has it: customer_id c99',
      'customers.csv:6 line 2 has the same customer_id c01',
      'order_items.csv:5 its order was rejected: orders.csv line 10',
      'order_items.csv:6 orders.lines.unitPrice: "12,9" is not an amount of BRL',
      'order_items.csv:7 its order was rejected: orders.csv line 13',
      'order_items.csv:8 no order has it: order_id o77',
      'order_items.csv:9 has 3 columns instead of 7',
      'orders.csv:10 orders.status: "lost" is not in the mapping\'s map; add it, or a default',
      'orders.csv:11 orders.placedAt: "13/45/2018 1:00" is not a time of the format M/d/yyyy H:mm',
      'orders.csv:12 has 4 columns instead of 8',
      'orders.csv:13 order_items.csv line 6, which belongs to it, is bad: orders.lines.unitPrice: "12,9" is not an amount of BRL',
      'orders.csv:15 a quote stands in the middle of a value; double it or quote the whole value',
      'orders.csv:16 order_items.csv line 9, which belongs to it, is bad: has 3 columns instead of 7',
      'orders.csv:18 the order is already here: it was imported with other content',
      'products.csv:4 products.weightGrams: "heavy" is not a whole number',
      'sellers.csv:4 suppliers.externalId is empty'
    ])
  })

  test('joins lines, customers, products and suppliers', async () => {
    const orders = await listed()
    expect([...orders.keys()].sort()).toEqual(['o01', 'o02', 'o03', 'o04', 'o05', 'o06', 'o07', 'o12'])
    expect(orders.get('o01')).toMatchObject({
      customer: { externalId: 'p01', region: 'SP' },
      lines: [{ sku: 'prod1', name: 'telefonia' }],
      total: { amount: '216.87' }
    })
    expect(orders.get('o02')).toMatchObject({
      customer: { externalId: 'c02', region: null },
      lines: [{ sku: 'prod1' }, { sku: 'prod9', name: 'prod9' }],
      total: { amount: '218.14' }
    })
    expect(orders.get('o03')?.total).toEqual({ amount: '30.00' })
    expect(orders.get('o04')?.total).toBeNull()
    const id = orders.get('o01')?.lines[0]?.supplier.id
    const supplier = await t.suppliers.execute('query ($id: ID!) { supplier(id: $id) { name stage } }', { id })
    expect(supplier.data).toEqual({ supplier: { name: 'Seller in brejao (PE)', stage: 'AGGREGATE' } })
  })

  test('keeps the source’s times and makes none up', async () => {
    const orders = await listed()
    expect(orders.get('o01')?.timeline).toEqual([
      { status: 'AWAITING_PAYMENT', at: '2018-01-09T10:05:00.000Z' },
      { status: 'PAID', at: '2018-01-09T10:20:00.000Z' },
      { status: 'SHIPPED', at: '2018-01-11T19:40:00.000Z' },
      { status: 'COMPLETED', at: '2018-01-19T11:10:00.000Z' }
    ])
    expect(orders.get('o03')?.timeline).toEqual([
      { status: 'AWAITING_PAYMENT', at: '2018-03-23T15:21:00.000Z' },
      { status: 'CANCELLED', at: '2026-03-02T01:00:00.000Z' }
    ])
    expect(orders.get('o07')?.timeline).toEqual([
      { status: 'AWAITING_PAYMENT', at: '2018-03-27T15:00:00.000Z' },
      { status: 'SHIPPED', at: '2018-03-29T11:00:00.000Z' },
      { status: 'COMPLETED', at: '2018-03-28T20:00:00.000Z' }
    ])
    expect(orders.get('o12')?.timeline[0]?.at).toBe('2017-10-15T03:30:00.000Z')
  })

  test('changes nothing the second time, and says what it decided', async () => {
    const before = (await t.orders.logEvents()).length
    const report = await t.run(OLIST_MAPPING, await csvFiles(SAMPLE))
    expect(report.orders).toMatchObject({ imported: 0, unchanged: 9, rejected: 7 })
    expect(report.files.every(({ imported }) => imported === 0)).toBe(true)
    expect((await t.orders.logEvents()).length).toBe(before)
    expect(report.notes.map(({ note, status, orders }) => `${note} ${status} ${orders}`).sort()).toEqual([
      'LOCAL_TIME_SKIPPED null 1',
      'STEP_LEFT_OUT PAID 1',
      'TIMES_OUT_OF_ORDER COMPLETED 1',
      'TIME_UNKNOWN CANCELLED 2',
      'TOTAL_UNKNOWN null 5'
    ])
  })
})

const { OLIST_DIR } = process.env
const real = OLIST_DIR === undefined ? describe.skip : describe

real('the public sample of a marketplace (OLIST_DIR)', () => {
  test('is imported whole, and twice changes nothing', async () => {
    await using t = await startImporting()
    const paths = await csvFiles(OLIST_DIR ?? '')
    const first = await t.run(OLIST_MAPPING, paths)
    expect(first.orders.imported + first.orders.rejected).toBe(1999)
    expect(first.orders).toEqual({
      imported: 1999,
      unchanged: 0,
      rejected: 0,
      byStatus: { AWAITING_PAYMENT: 0, PAID: 11, SHIPPED: 25, COMPLETED: 1949, CANCELLED: 14 }
    })
    for (const [status, orders] of Object.entries(first.orders.byStatus)) {
      const answer = await t.orders.execute(`{ orders(filter: { status: ${status} }) { totalCount } }`)
      expect(answer.data).toEqual({ orders: { totalCount: orders } })
    }
    const second = await t.run(OLIST_MAPPING, paths)
    expect(second.orders).toEqual({ ...first.orders, imported: 0, unchanged: 1999 })
  }, 120_000)
})
