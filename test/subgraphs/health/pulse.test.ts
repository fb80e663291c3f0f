import { health } from '../../../subgraphs/health/subgraph.ts'
import { startTestRoom, type TestEvent } from '../../support/room.ts'

interface Metric {
  readonly id: string
  readonly value: number | null
  readonly n: number
  readonly score: number | null
  readonly unknown: string | null
  readonly confidenceInterval: { readonly low: number; readonly high: number; readonly method: string } | null
  readonly parts: readonly { readonly name: string; readonly value: number; readonly n: number }[]
  readonly lostPoints: number | null
}

interface Pulse {
  readonly health: number | null
  readonly coverage: number
  readonly weakest: string | null
  readonly metrics: readonly Metric[]
}

const PULSE = `query($window: Duration) { pulse(window: $window) { window from to health coverage weakest metrics {
  id value n score unknown weight target worst lostPoints unit formula notes
  confidenceInterval { low high method } parts { name value n }
} } }`

/** Noon of 1 March 2026, UTC. */
const NOW = '2026-03-01T12:00:00.000Z'

async function start() {
  const test = await startTestRoom(health, { now: NOW })
  const pulse = async (window?: string): Promise<Pulse> => {
    const { data, errors } = await test.execute<{ pulse: Pulse }>(PULSE, { window })
    expect(errors).toBeUndefined()
    if (!data) throw new Error('no pulse')
    return data.pulse
  }
  const metric = async (id: string, window?: string): Promise<Metric> => {
    const found = (await pulse(window)).metrics.find(m => m.id === id)
    if (!found) throw new Error(`no metric ${id}`)
    return found
  }
  return Object.assign(test, { pulse, metric })
}

const VERSION = { submitted: 1, paid: 2, shipped: 3, completed: 4, cancelled: 5 } as const
const STATUS = {
  submitted: 'AWAITING_PAYMENT',
  paid: 'PAID',
  shipped: 'SHIPPED',
  completed: 'COMPLETED',
  cancelled: 'CANCELLED'
} as const

/** What orders says of one order, at an hour of the day of `NOW`. */
function order(id: string, what: keyof typeof VERSION, at: string, data: object = {}): TestEvent {
  return {
    type: `order.${what}`,
    aggregate: { type: 'order', id },
    version: VERSION[what],
    at: `2026-03-01T${at}:00.000Z`,
    keys: { channel: 'DOUYIN' },
    data: { from: null, to: STATUS[what], backfill: false, ...data }
  }
}

function routed(id: string, type: 'stock.allocated' | 'stock.shortage', at: string, data: object): TestEvent {
  const event = { type, aggregate: { type: 'routing', id }, at: `2026-03-01T${at}:00.000Z`, keys: { orderId: id } }
  return { ...event, data: { orderId: id, ...data } }
}

function promised(id: string, sku: string, at: string): TestEvent {
  return {
    type: 'production-order.acknowledged',
    aggregate: { type: 'production-order', id: `po-${id}-${sku}` },
    at: `2026-03-01T${at}:00.000Z`,
    keys: { orderId: id },
    data: { orderId: id, sku }
  }
}

let counted = 0

function stock(source: string, delayMinutes: number, data: object = {}): TestEvent {
  counted += 1
  const availableAt = '2026-03-01T11:00:00.000Z'
  const occurredAt = new Date(Date.parse(availableAt) - delayMinutes * 60_000).toISOString()
  return {
    type: 'stock.reported',
    aggregate: { type: 'stock', id: `stk-${counted}` },
    data: { nodeId: 'n', sku: 'A', onHand: 1, source, occurredAt, availableAt, backfill: true, ...data }
  }
}

it('is unknown without facts: no health, no coverage, and never 100', async () => {
  await using test = await start()
  const { health: whole, coverage, weakest, metrics } = await test.pulse()
  expect({ whole, coverage, weakest }).toEqual({ whole: null, coverage: 0, weakest: null })
  expect(metrics).toHaveLength(5)
  for (const { value, score, n, unknown, confidenceInterval } of metrics) {
    expect({ value, score, n, confidenceInterval }).toEqual({
      value: null,
      score: null,
      n: 0,
      confidenceInterval: null
    })
    expect(unknown).toMatch(/\w/)
  }
})

describe('data freshness', () => {
  it('is the median over sources of their medians, so that no feed drowns another', async () => {
    await using test = await start()
    await test.append(
      ...[1, 2, 3, 3, 3].map(delay => stock('wms', delay)),
      ...[6, 8, 10].map(delay => stock('pos', delay))
    )
    const metric = await test.metric('DATA_FRESHNESS')
    expect(metric).toMatchObject({
      // (3 + 8) / 2
      value: 5.5,
      n: 8,
      parts: [
        { name: 'pos', value: 8, n: 3 },
        { name: 'wms', value: 3, n: 5 }
      ],
      confidenceInterval: { method: 'bootstrap' }
    })
    // 100 × (5.5 − 15) / (1 − 15)
    expect(metric.score).toBeCloseTo(67.857, 3)
    expect(metric.lostPoints).toBeCloseTo(2.571, 3)
  })

  it('takes the time at which the log got a live report', async () => {
    await using test = await start()
    const occurredAt = '2026-03-01T11:58:00.000Z'
    await test.append(stock('wms', 0, { backfill: false, availableAt: undefined, occurredAt }))
    expect(await test.metric('DATA_FRESHNESS')).toMatchObject({ value: 2, n: 1 })
  })

  it('does not take an import for a late feed', async () => {
    await using test = await start()
    await test.append(stock('wms', 90_000, { availableAt: undefined }))
    expect(await test.metric('DATA_FRESHNESS')).toMatchObject({ value: null, n: 0 })
  })

  it('looks at the window alone', async () => {
    await using test = await start()
    await test.append(stock('wms', 4))
    expect(await test.metric('DATA_FRESHNESS', 'PT30M')).toMatchObject({ n: 0, value: null })
    expect(await test.metric('DATA_FRESHNESS', 'PT2H')).toMatchObject({ n: 1, value: 4 })
  })
})

describe('exception interception', () => {
  it('counts what was dealt with before the order left against what was not', async () => {
    await using test = await start()
    const short = (id: string, ...skus: string[]) =>
      routed(id, 'stock.shortage', '02:00', { shortages: skus.map(sku => ({ sku, quantity: 1, supplierId: 's' })) })
    for (const id of ['promised', 'cancelled', 'escaped', 'half', 'open'])
      await test.append(order(id, 'submitted', '01:00'))
    await test.append(short('promised', 'A'), promised('promised', 'A', '03:00'), order('promised', 'shipped', '04:00'))
    await test.append(short('cancelled', 'A'), order('cancelled', 'cancelled', '03:00', { by: 'customer' }))
    await test.append(short('escaped', 'A'), order('escaped', 'shipped', '03:00'), promised('escaped', 'A', '05:00'))
    await test.append(short('half', 'A', 'B'), promised('half', 'A', '03:00'), order('half', 'shipped', '04:00'))
    await test.append(short('open', 'A'))

    const metric = await test.metric('EXCEPTION_INTERCEPTION')
    expect(metric).toMatchObject({ value: 50, n: 4, confidenceInterval: { method: 'wilson' } })
    expect(metric.score).toBeCloseTo((100 * 50) / 95)
    expect(metric.confidenceInterval?.low).toBeCloseTo(15.0, 1)
    expect(metric.confidenceInterval?.high).toBeCloseTo(85.0, 1)
  })
})

describe('strategy coverage', () => {
  it('is the share of shipped orders that a strategy had routed; imports are left out', async () => {
    await using test = await start()
    const past = { backfill: true }
    await test.append(
      order('past', 'submitted', '01:00', past),
      order('past', 'paid', '01:00', past),
      order('past', 'shipped', '02:00', past)
    )
    for (const id of ['routed', 'late', 'never'])
      await test.append(order(id, 'submitted', '01:00'), order(id, 'paid', '01:30'))
    await test.append(routed('routed', 'stock.allocated', '02:00', { allocations: [], strategy: 's/1' }))
    for (const id of ['routed', 'late', 'never']) await test.append(order(id, 'shipped', '03:00'))
    await test.append(routed('late', 'stock.allocated', '04:00', { allocations: [], strategy: 's/1' }))

    const metric = await test.metric('STRATEGY_COVERAGE')
    expect(metric.value).toBeCloseTo(33.333, 3)
    expect(metric.score).toBeCloseTo(41.667, 3)
    expect(metric).toMatchObject({
      n: 3,
      parts: [
        { name: 'no strategy', n: 2 },
        { name: 's/1', n: 1 }
      ]
    })
  })
})

describe('customer intervention', () => {
  const placed = (n: number, day: string): readonly TestEvent[] =>
    Array.from({ length: n }, (_, i) => ({
      ...order(`${day}-${i}`, 'submitted', '01:00'),
      at: `2026-${day}T01:00:00.000Z`
    }))

  it('is unknown as long as the log does not say who cancelled', async () => {
    await using test = await start()
    await test.append(order('o1', 'submitted', '01:00'), order('o1', 'cancelled', '02:00'))
    expect(await test.metric('CUSTOMER_INTERVENTION')).toMatchObject({
      value: null,
      score: null,
      n: 1,
      unknown: expect.stringContaining('who')
    })
  })

  it('has a value and no score without a window to compare with', async () => {
    await using test = await start()
    await test.append(...placed(4, '03-01'), order('03-01-0', 'cancelled', '02:00', { by: 'customer' }))
    expect(await test.metric('CUSTOMER_INTERVENTION', 'P1D')).toMatchObject({ value: 25, n: 4, score: null })
  })

  it('is scored against the window before', async () => {
    await using test = await start()
    await test.append(...placed(40, '02-28'), ...placed(40, '03-01'))
    const cancelled = (id: string, at: string, by: string): TestEvent => ({
      ...order(id, 'cancelled', '02:00', { by }),
      at
    })
    // Two of forty the day before; three of forty today, and one by the shop, which is no customer's change.
    for (const i of [0, 1]) await test.append(cancelled(`02-28-${i}`, '2026-02-28T02:00:00.000Z', 'customer'))
    for (const i of [0, 1, 2]) await test.append(cancelled(`03-01-${i}`, '2026-03-01T02:00:00.000Z', 'customer'))
    await test.append(cancelled('03-01-3', '2026-03-01T02:00:00.000Z', 'sales'))
    // 7.5 where it was 5: half of the way to twice as many.
    expect(await test.metric('CUSTOMER_INTERVENTION', 'P1D')).toMatchObject({
      value: 7.5,
      n: 40,
      score: 50,
      unknown: null
    })
  })
})

it('adds up the known scores by their weights, and says where most is lost', async () => {
  await using test = await start()
  await test.append(stock('wms', 8))
  await test.append(order('o1', 'submitted', '01:00'), order('o1', 'paid', '01:30'))
  await test.append(
    routed('o1', 'stock.allocated', '02:00', { allocations: [], strategy: 's/1' }),
    order('o1', 'shipped', '03:00')
  )
  const pulse = await test.pulse()
  // Freshness scores 50 with weight 8, coverage 100 with weight 6.
  expect(pulse.health).toBeCloseTo((8 * 50 + 6 * 100) / 14)
  expect(pulse.coverage).toBeCloseTo(0.14)
  expect(pulse.weakest).toBe('DATA_FRESHNESS')
})

it('counts the same facts once, however often they come', async () => {
  await using test = await start()
  const events = [stock('wms', 8), order('o1', 'submitted', '01:00')].map((event, i) => ({ ...event, id: `fact-${i}` }))
  await test.append(...events)
  await test.append(...events)
  expect(await test.metric('DATA_FRESHNESS')).toMatchObject({ n: 1 })
})

it('keeps companies apart', async () => {
  await using test = await start()
  await test.append({ ...stock('wms', 8), keys: { company: 'another' } })
  expect(await test.metric('DATA_FRESHNESS')).toMatchObject({ n: 0, value: null })
})

it.each(['PT0S', 'P9999D'])('refuses a window of %s', async window => {
  await using test = await start()
  const { errors } = await test.execute(PULSE, { window })
  expect(errors?.[0]?.message).toContain(window)
})
