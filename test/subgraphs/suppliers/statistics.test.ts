import type { Access } from '../../../platform/scope/scope.ts'
import { type Given, orderSubmitted, type SuppliersRoom, startSuppliers } from './given.ts'

interface Statistics {
  readonly cells: readonly Readonly<Record<string, unknown>>[]
  readonly withheldCells: number
  readonly minimumCell: number
}

async function statistics(
  t: SuppliersRoom,
  by: readonly string[],
  access?: Access,
  from = '2026-03-01',
  to = '2026-03-31'
) {
  const answer = await t.execute<{ orderStatistics: Statistics }>(
    `query ($by: [StatisticsDimension!]!, $from: Date!, $to: Date!) { orderStatistics(by: $by, from: $from, to: $to) {
      cells { channel region category day currency orders units amount { amount currency } } withheldCells minimumCell } }`,
    { by, from, to },
    access
  )
  if (!answer.data) throw new Error(JSON.stringify(answer.errors))
  return answer.data.orderStatistics
}

/** `count` orders alike. */
async function orders(t: SuppliersRoom, prefix: string, count: number, given: Given = {}): Promise<void> {
  await t.append(...Array.from({ length: count }, (_, i) => orderSubmitted(`${prefix}_${i}`, given)))
}

const cell = (over: object) => ({ channel: null, region: null, category: null, day: null, currency: 'CNY', ...over })
const yuan = (amount: string) => ({ amount, currency: 'CNY' })

describe('order statistics', () => {
  test('count orders and sum pieces and amounts by each dimension', async () => {
    await using t = await startSuppliers()
    const bearings = { category: 'BEARINGS', quantity: 2, unitPrice: 1050 }
    const filters = { category: 'FILTERS', quantity: 1, unitPrice: 333, supplierId: 'orient-filters' }
    await orders(t, 'a', 6, { channel: 'TAOBAO', region: 'CN-SH', lines: [bearings, filters] })
    await orders(t, 'b', 5, { channel: 'JD', region: 'CN-SH', lines: [bearings] })
    await orders(t, 'c', 7, { channel: 'JD', region: null, lines: [{ ...filters, category: null }] })

    expect((await statistics(t, [])).cells).toEqual([cell({ orders: 18, units: 35, amount: yuan('274.29') })])
    expect((await statistics(t, ['CHANNEL'])).cells).toEqual([
      cell({ channel: 'JD', orders: 12, units: 17, amount: yuan('128.31') }),
      cell({ channel: 'TAOBAO', orders: 6, units: 18, amount: yuan('145.98') })
    ])
    expect((await statistics(t, ['REGION', 'CATEGORY'])).cells).toEqual([
      cell({ region: 'CN-SH', category: 'BEARINGS', orders: 11, units: 22, amount: yuan('231.00') }),
      cell({ region: 'CN-SH', category: 'FILTERS', orders: 6, units: 6, amount: yuan('19.98') }),
      cell({ region: 'UNKNOWN', category: 'UNKNOWN', orders: 7, units: 7, amount: yuan('23.31') })
    ])
  })

  test('withhold a cell of fewer than five orders, and say so', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 5, { region: 'CN-SH' })
    await orders(t, 'b', 4, { region: 'CN-ZJ' })
    await orders(t, 'c', 1, { region: 'CN-GD', lines: [{ quantity: 500 }] })
    const { cells, withheldCells, minimumCell } = await statistics(t, ['REGION'])
    expect(cells.map(({ region, orders }) => [region, orders])).toEqual([['CN-SH', 5]])
    expect({ withheldCells, minimumCell }).toEqual({ withheldCells: 2, minimumCell: 5 })
  })

  test('never hide a lone order of another currency in a large cell', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 6)
    await orders(t, 'b', 1, { currency: 'JPY', lines: [{ unitPrice: 980 }] })
    const { cells, withheldCells } = await statistics(t, [])
    expect(cells).toEqual([cell({ orders: 6, units: 6, amount: yuan('60.00') })])
    expect(withheldCells).toBe(1)
  })

  test('take the day in the company’s zone, and the last day of a month whole', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 5, { placedAt: '2026-03-31T15:59:59.999Z' })
    await orders(t, 'b', 6, { placedAt: '2026-03-31T16:00:00.000Z' })
    const days = async (from: string, to: string) =>
      (await statistics(t, ['DAY'], undefined, from, to)).cells.map(({ day, orders }) => [day, orders])
    expect(await days('2026-03-01', '2026-04-30')).toEqual([
      ['2026-03-31', 5],
      ['2026-04-01', 6]
    ])
    expect(await days('2026-04-01', '2026-04-30')).toEqual([['2026-04-01', 6]])
    expect(await days('2026-05-01', '2026-05-31')).toEqual([])
  })

  test('count an order without lines once, and a redelivered order once', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 5, { lines: [] })
    await orders(t, 'a', 5, { lines: [] })
    expect((await statistics(t, [])).cells).toEqual([cell({ orders: 5, units: 0, amount: yuan('0.00') })])
    expect(await t.parked()).toEqual([])
  })
})

describe('the scope of statistics', () => {
  const sees = (t: SuppliersRoom, ...scopes: Access['read'][string][]) =>
    t.access({ read: { OrderStatistics: scopes.flat() } })

  test('a supplier counts its own lines only, and below the minimum they are withheld', async () => {
    await using t = await startSuppliers()
    const acmes = { quantity: 1, unitPrice: 100 }
    const orients = { quantity: 1, unitPrice: 77_700, supplierId: 'orient-filters' }
    await orders(t, 'a', 5, { lines: [acmes, orients] })
    await orders(t, 'b', 3, { lines: [orients], region: 'CN-ZJ' })
    const acme = await statistics(t, ['REGION'], sees(t, [{ supplierIds: ['acme-bearings'] }]))
    expect(acme).toMatchObject({
      cells: [cell({ region: 'Shanghai', orders: 5, units: 5, amount: yuan('5.00') })],
      withheldCells: 0
    })
    const orient = await statistics(t, ['REGION'], sees(t, [{ supplierIds: ['orient-filters'] }]))
    // 8 orders in all: Shanghai’s 5 would tell of the other 3.
    expect(orient).toMatchObject({ cells: [], withheldCells: 2 })
  })

  test('scopes add up; without one, or in another company, there is nothing', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 5, { channel: 'JD' })
    await orders(t, 'b', 6, { channel: 'TAOBAO' })
    await orders(t, 'c', 7, { channel: 'DOUYIN' })
    const counted = async (access: Access) =>
      (await statistics(t, ['CHANNEL'], access)).cells.map(({ channel, orders }) => [channel, orders])
    expect(await counted(sees(t, [{ channel: ['JD'] }, { channel: ['DOUYIN'] }]))).toEqual([
      ['DOUYIN', 7],
      ['JD', 5]
    ])
    expect(await counted(t.access({ read: {} }))).toEqual([])
    expect(await counted(t.access({ company: 'other' }))).toEqual([])
  })

  test.each<[string, Access['read'][string], number]>([
    ['the only scope', [{ channel: ['JD'] }], 0b1],
    ['the scope of all rows beside a narrower one', [{ channel: ['JD'] }, {}], 0b10],
    [
      'none of several narrow ones, for no row of one need be of the other',
      [{ channel: ['JD'] }, { region: ['CN-SH'] }],
      0
    ]
  ])('says that the sums meet %s', async (_, scopes, bits) => {
    await using t = await startSuppliers()
    const query = '{ orderStatistics(by: [], from: "2026-03-01", to: "2026-03-31") { metScopes } }'
    const { data } = await t.execute(query, {}, sees(t, scopes))
    expect(data).toEqual({ orderStatistics: { metScopes: bits } })
  })
})
