import { orderSubmitted, type SuppliersRoom, startSuppliers } from './given.ts'

interface Statistics {
  readonly cells: readonly Readonly<Record<string, string | number | null>>[]
  readonly withheldCells: number
}

function ask(t: SuppliersRoom, by: readonly string[], from: string, to: string) {
  return t.execute<{ orderStatistics: Statistics }>(
    `query ($by: [StatisticsDimension!]!, $from: Date!, $to: Date!) { orderStatistics(by: $by, from: $from, to: $to) {
      cells { channel region category day currency orders units } withheldCells } }`,
    { by, from, to }
  )
}

/** What is shown, as rows of the asked dimensions and the orders; by default over March. */
async function shown(t: SuppliersRoom, by: readonly string[], from = '2026-03-01', to = '2026-03-31') {
  const { data, errors } = await ask(t, by, from, to)
  if (!data) throw new Error(JSON.stringify(errors))
  return data.orderStatistics.cells.map(cell => [...by.map(dimension => cell[dimension.toLowerCase()]), cell['orders']])
}

async function refusal(t: SuppliersRoom, from: string, to: string) {
  const { errors } = await ask(t, [], from, to)
  return errors?.[0] && { code: errors[0].extensions['code'], message: errors[0].message }
}

type Given = Parameters<typeof orderSubmitted>[1]

async function orders(t: SuppliersRoom, prefix: string, count: number, given: Given): Promise<void> {
  await t.append(...Array.from({ length: count }, (_, i) => orderSubmitted(`${prefix}_${i}`, given)))
}

describe('what statistics withhold cannot be had by subtraction', () => {
  test('a total minus its channels never leaves one withheld cell', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 9, { channel: 'TAOBAO' })
    await orders(t, 'b', 6, { channel: 'JD' })
    await orders(t, 'c', 1, { channel: 'DOUYIN' })
    expect(await shown(t, [])).toEqual([[16]])
    // The rest is JD’s 6 and Douyin’s 1 together.
    expect(await shown(t, ['CHANNEL'])).toEqual([['TAOBAO', 9]])
  })

  test('a total minus its channels never leaves fewer orders than the minimum', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 9, { channel: 'TAOBAO' })
    await orders(t, 'b', 6, { channel: 'JD' })
    await orders(t, 'c', 1, { channel: 'DOUYIN' })
    await orders(t, 'd', 2, { channel: 'WECHAT' })
    expect(await shown(t, ['CHANNEL'])).toEqual([['TAOBAO', 9]])
    await orders(t, 'e', 2, { channel: 'WECHAT' })
    expect(await shown(t, ['CHANNEL'])).toEqual([
      ['JD', 6],
      ['TAOBAO', 9]
    ])
  })

  test('orders with lines in two withheld categories are counted once before the rest is shown', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 7, { lines: [{ category: 'BEARINGS' }] })
    await orders(t, 'b', 3, { lines: [{ category: 'FILTERS' }, { category: 'SEALS' }] })
    expect(await shown(t, ['CATEGORY'])).toEqual([])
  })

  test('a channel minus its regions never leaves one withheld cell either', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 9, { channel: 'JD', region: 'CN-SH' })
    await orders(t, 'b', 2, { channel: 'JD', region: 'CN-ZJ' })
    await orders(t, 'c', 9, { channel: 'TAOBAO', region: 'CN-SH' })
    await orders(t, 'd', 8, { channel: 'TAOBAO', region: 'CN-GD' })
    await orders(t, 'e', 7, { channel: 'TAOBAO', region: 'CN-ZJ' })
    expect(await shown(t, ['CHANNEL'])).toEqual([
      ['JD', 11],
      ['TAOBAO', 24]
    ])
    const jd = (await shown(t, ['CHANNEL', 'REGION'])).filter(([channel]) => channel === 'JD')
    expect(jd).toEqual([])
  })

  test('a currency of few orders needs no other withheld, for no total is over several', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 6, { channel: 'JD' })
    await orders(t, 'b', 1, { channel: 'JD', currency: 'JPY' })
    expect(await shown(t, ['CHANNEL'])).toEqual([['JD', 6]])
  })

  test('two months minus one of them never tell of a month’s few orders', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 20, { placedAt: '2026-02-10T01:00:00.000Z' })
    await orders(t, 'b', 3, {})
    expect(await shown(t, [], '2026-02-01', '2026-02-28')).toEqual([[20]])
    expect(await shown(t, [], '2026-02-01', '2026-03-31')).toEqual([])
    await orders(t, 'c', 2, {})
    expect(await shown(t, [], '2026-02-01', '2026-03-31')).toEqual([[25]])
  })

  test('days are not cut out of a month, and a day of few orders takes another with it', async () => {
    await using t = await startSuppliers()
    await orders(t, 'a', 9, { placedAt: '2026-03-02T01:00:00.000Z' })
    await orders(t, 'b', 6, { placedAt: '2026-03-03T01:00:00.000Z' })
    await orders(t, 'c', 1, { placedAt: '2026-03-04T01:00:00.000Z' })
    expect(await shown(t, ['DAY'])).toEqual([['2026-03-02', 9]])
    for (const day of ['2026-03-03', '2026-03-04'])
      expect(await refusal(t, '2026-03-01', day)).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

describe('the days of statistics', () => {
  test.each([
    ['a first day within a month', '2026-02-02', '2026-02-28'],
    ['a last day within a month', '2026-02-01', '2026-02-27'],
    ['the 28th of a leap year’s February', '2028-02-01', '2028-02-28'],
    ['yesterday', '2026-03-01', '2026-03-01']
  ])('refuse %s, and say what is asked for', async (_, from, to) => {
    await using t = await startSuppliers()
    expect(await refusal(t, from, to)).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(
        /whole calendar months: .*first day of a month.* last day of one, or today \(2026-03-02\)/
      )
    })
  })

  test('refuse the wrong way round', async () => {
    await using t = await startSuppliers()
    expect(await refusal(t, '2026-03-01', '2026-02-28')).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('exchange them')
    })
  })

  test('take today, in the company’s zone, for the end of the running month: the answer is the same', async () => {
    await using t = await startSuppliers({ now: '2026-03-04T16:30:00.000Z' })
    await orders(t, 'a', 5, {})
    await orders(t, 'b', 1, { placedAt: '2026-03-20T01:00:00.000Z' })
    expect(await shown(t, [], '2026-02-01', '2026-03-05')).toEqual([[6]])
    expect(await shown(t, [], '2026-02-01', '2026-03-31')).toEqual([[6]])
    expect(await refusal(t, '2026-03-01', '2026-03-04')).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})
