import type { ImportResult } from '../../../subgraphs/orders/subgraph.ts'
import { dropSchemas, hasMysql, mysqlUrl } from '../../support/mysql.ts'
import { imported, type OrdersRoom, read, startOrders, submitted } from './given.ts'

const OWNED = '{ id customer { id externalId } lines { id } }'

interface Owned {
  readonly order: {
    readonly id: string
    readonly customer: { readonly id: string; readonly externalId: string }
    readonly lines: readonly { readonly id: string }[]
  }
}

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

  const customerOf = async (result: ImportResult) => {
    const id = 'id' in result ? result.id : ''
    const { data } = await t.execute<Owned>(`{ order(id: "${id}") ${OWNED} }`)
    if (!data) throw new Error('no order')
    return data.order
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
      { at: '2018-01-09T16:33:00.000Z', status: 'AWAITING_PAYMENT', event: 'order.submitted', actor: 'import' },
      { at: '2018-01-09T16:48:00.000Z', status: 'PAID', event: 'order.paid', actor: 'import' },
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
    await submitted(t, { number: 'TAKEN', channel: 'DIRECT' })
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
    const submitted = events.filter(({ type, at }) => type === 'order.submitted' && at === '2018-01-09T16:33:00.000Z')
    expect(new Set(submitted.map(({ aggregate }) => aggregate.id)).size).toBe(submitted.length)
  })

  test('keeps channels and companies apart', async () => {
    const results = await t.room.importOrders([
      imported('apart', { number: 'AP-1' }),
      imported('apart', { number: 'AP-1', channel: 'JD' }),
      imported('apart', { number: 'AP-1', company: 'other' })
    ])
    expect(results.map(({ outcome }) => outcome)).toEqual(['imported', 'imported', 'imported'])
  })

  test('gives ids that do not follow from what the source calls an order or a customer (K6)', async () => {
    const first = await customerOf(await importOne('hidden'))
    await using other = await startOrders()
    const [again] = await other.room.importOrders([imported('hidden')])
    const { data } = await other.execute<Owned>(`{ order(id: "${again && 'id' in again ? again.id : ''}") ${OWNED} }`)
    expect(data?.order.customer.externalId).toBe(first.customer.externalId)
    expect(data?.order.id).not.toBe(first.id)
    expect(data?.order.customer.id).not.toBe(first.customer.id)
    expect(data?.order.lines[0]?.id).not.toBe(first.lines[0]?.id)
  })

  test('knows a customer of the channel again', async () => {
    const customer = { externalId: 'regular', region: null }
    const [one, two, elsewhere] = await Promise.all([
      customerOf(await importOne('regular-1', { customer })),
      customerOf(await importOne('regular-2', { customer })),
      customerOf(await importOne('regular-3', { customer, channel: 'JD' }))
    ])
    expect(two.customer.id).toBe(one.customer.id)
    expect(elsewhere.customer.id).not.toBe(one.customer.id)
    const { customer: submittedBy } = await submitted(t, { channel: 'DIRECT', customer: { externalId: 'regular' } })
    expect(submittedBy?.id).toBe(one.customer.id)
  })

  test('gives a new customer the id that the data names, and nobody else’s', async () => {
    const named = (externalId: string, id: string) => ({ customer: { externalId, region: null, id } })
    const first = await customerOf(await importOne('named-1', named('fixed', 'cus_fixed')))
    expect(first.customer.id).toBe('cus_fixed')
    expect((await customerOf(await importOne('named-2', named('fixed', 'cus_late')))).customer.id).toBe('cus_fixed')
    expect(await importOne('named-3', named('thief', 'cus_fixed'))).toMatchObject({ outcome: 'rejected' })
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
