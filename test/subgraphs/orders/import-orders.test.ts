import { dropSchemas, hasMysql, mysqlUrl } from '../../support/mysql.ts'
import { imported, type OrdersRoom, read, startOrders, submitted } from './given.ts'

const suite = (start: () => Promise<OrdersRoom>) => () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await start()
  })
  afterAll(() => t[Symbol.asyncDispose]())

  const importOne = async (...args: Parameters<typeof imported>) => {
    const [result] = await t.room.importOrders([imported(...args)])
    if (!result) throw new Error('no result')
    return result
  }

  test('keeps the past: every status with its real time, as history and as events', async () => {
    await t.room.importProducts([
      { company: 'demo', sku: 'B1', name: 'Bearing 6204', category: 'bearings', weightGrams: 90 }
    ])
    const result = await importOne('past', { promisedTo: '2018-02-05T02:00:00.000Z', note: 'ring twice' })
    expect(result.outcome).toBe('imported')
    const id = 'id' in result ? result.id : ''
    const order = await read(t, id)
    expect(order).toMatchObject({ status: 'COMPLETED', version: 4, note: 'ring twice', total: { amount: '19.90' } })
    expect(order?.timeline).toEqual([
      { at: '2018-01-14T16:33:00.000Z', status: 'AWAITING_PAYMENT', event: 'order.submitted', actor: 'import' },
      { at: '2018-01-14T16:48:00.000Z', status: 'PAID', event: 'order.paid', actor: 'import' },
      { at: '2018-01-16T14:36:00.000Z', status: 'SHIPPED', event: 'order.shipped', actor: 'import' },
      { at: '2018-01-22T15:19:00.000Z', status: 'COMPLETED', event: 'order.completed', actor: 'import' }
    ])
    const events = await t.logEvents({ orderId: id })
    expect(events.map(({ at, version }) => [version, at])).toEqual(order?.timeline.map(({ at }, i) => [i + 1, at]))
    expect(events.every(({ data }) => data['backfill'] === true)).toBe(true)
    expect(events[0]?.data).toMatchObject({
      promisedTo: '2018-02-05T02:00:00.000Z',
      hasNote: true,
      lines: [{ category: 'bearings' }]
    })
    expect(events[3]?.data).toEqual({ from: 'SHIPPED', to: 'COMPLETED', backfill: true })
    const line = await t.execute(`{ order(id: "${id}") { lines { product { name category weightGrams } } } }`)
    expect(line.data).toEqual({
      order: { lines: [{ product: { name: 'Bearing 6204', category: 'bearings', weightGrams: 90 } }] }
    })
  })

  test('changes nothing the second time', async () => {
    expect(await importOne('twice')).toMatchObject({ outcome: 'imported' })
    const before = (await t.logEvents()).length
    expect(await importOne('twice')).toMatchObject({ outcome: 'unchanged' })
    expect((await t.logEvents()).length).toBe(before)
    expect(await importOne('twice', { note: 'changed' })).toEqual({
      outcome: 'rejected',
      reason: 'the order is already here: it was imported with other content'
    })
  })

  test('leaves out steps that the source does not know, and dates an unknown time now', async () => {
    const history = [{ status: 'CANCELLED', at: null }] as const
    const result = await importOne('gone', { history, cancelReason: 'unavailable', totalMinor: null, lines: [] })
    const order = await read(t, 'id' in result ? result.id : '')
    expect(order).toMatchObject({ status: 'CANCELLED', version: 2, total: null, cancelReason: 'unavailable' })
    expect(order?.timeline[1]).toMatchObject({ at: '2026-03-02T01:00:00.000Z', event: 'order.cancelled' })
  })

  test('lets a bad order fail alone', async () => {
    await submitted(t, { number: 'TAKEN' })
    const results = await t.room.importOrders([
      imported('good-1'),
      imported('bad-number', { number: 'TAKEN' }),
      imported('bad-time', { placedAt: '1/14/2018 14:33' }),
      imported('bad-history', {
        history: [
          { status: 'SHIPPED', at: '2018-01-16T14:36:00.000Z' },
          { status: 'PAID', at: '2018-01-17T14:36:00.000Z' }
        ]
      }),
      imported('good-1'),
      imported('good-2')
    ])
    expect(results.map(result => ('reason' in result ? result.reason : result.outcome))).toEqual([
      'imported',
      'number TAKEN belongs to another order',
      'placedAt must be an ISO instant in UTC with milliseconds, such as 2026-03-06T09:30:00.000Z',
      'history goes back from SHIPPED to PAID',
      'unchanged',
      'imported'
    ])
  })

  test('imports an order once when two imports of it run at the same time', async () => {
    const batch = Array.from({ length: 150 }, (_, i) => imported(`race-${i}`))
    const [one, other] = await Promise.all([t.room.importOrders(batch), t.room.importOrders([...batch].reverse())])
    const outcomes = batch.map((_, i) => [one[i]?.outcome, other[batch.length - 1 - i]?.outcome].sort())
    expect(outcomes.filter(([first, second]) => first !== 'imported' || second !== 'unchanged')).toEqual([])
    const events = await t.logEvents()
    const submitted = events.filter(({ type, at }) => type === 'order.submitted' && at === '2018-01-14T16:33:00.000Z')
    expect(new Set(submitted.map(({ aggregate }) => aggregate.id)).size).toBe(submitted.length)
  })

  test('keeps channels and companies apart', async () => {
    const results = await t.room.importOrders([
      imported('apart', { number: 'AP-1' }),
      imported('apart', { number: 'AP-2', channel: 'JD' }),
      imported('apart', { number: 'AP-1', company: 'other' })
    ])
    expect(results.map(({ outcome }) => outcome)).toEqual(['imported', 'imported', 'imported'])
  })

  test('takes 2,000 orders with their history, each once', async () => {
    const batch = Array.from({ length: 2000 }, (_, i) => imported(`many-${i}`, { channel: 'B2B' }))
    const results = await t.room.importOrders(batch)
    expect(results.filter(({ outcome }) => outcome === 'imported').length).toBe(2000)
    await t.room.flush()
    const found = await t.execute('{ orders(filter: { channel: B2B, status: COMPLETED }) { totalCount } }')
    expect(found.data).toEqual({ orders: { totalCount: 2000 } })
  })

  test('brings a catalogue up to date', async () => {
    const bearing = { company: 'demo', sku: 'P1', name: 'Bearing', category: null, weightGrams: 90 }
    const outcomes = async (...batch: Parameters<typeof t.room.importProducts>[0]) =>
      (await t.room.importProducts(batch)).map(({ outcome }) => outcome)
    expect(await outcomes(bearing, bearing, { ...bearing, sku: '' })).toEqual(['imported', 'unchanged', 'rejected'])
    expect(await outcomes(bearing, { ...bearing, weightGrams: 91 })).toEqual(['unchanged', 'imported'])
  })
}

describe('importOrders (sqlite)', suite(startOrders))

const mysql = hasMysql ? describe : describe.skip
mysql(
  'importOrders (mysql)',
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
