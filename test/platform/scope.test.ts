import type { Database } from '../../platform/database/database.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import {
  applyToShadow,
  OrderShadow,
  OrderShadowSupplier,
  shadowColumns,
  shadowKeys
} from '../../platform/scope/order-shadow.ts'
import { MOST_SCOPES, metScopes, type RowScope, type ScopeKeys } from '../../platform/scope/scope.ts'
import { type ScopeColumns, scopeWhere } from '../../platform/scope/where.ts'
import { describeDatabases, type TestPlace } from '../support/database.ts'

const ROWS: readonly ScopeKeys[] = [
  keys('o1', {
    channel: 'JD',
    customerId: 'c1',
    supplierIds: ['acme', 'northwind'],
    region: 'CN-31',
    carrier: 'swift'
  }),
  keys('o2', { channel: 'JD', customerId: 'c2', supplierIds: ['northwind'], region: 'CN-11', carrier: null }),
  keys('o3', { channel: 'DIRECT', customerId: 'c1', supplierIds: [], region: null, carrier: 'swift' }),
  keys('o4', { channel: null, customerId: null, supplierIds: ['orient'], region: 'CN-31', carrier: 'slow' })
]

describeDatabases('row scopes', start => {
  let place: TestPlace
  let database: Database

  beforeAll(async () => {
    place = await start()
    database = await place.openRoom()
    await database.transaction(async manager => {
      for (const row of ROWS) await applyToShadow(manager, orderEvent(row, 1))
    })
  })
  afterAll(() => place[Symbol.asyncDispose]())

  const inSql = async (scopes: readonly RowScope[] | undefined, columns: ScopeColumns = shadowColumns('s')) => {
    const { sql, parameters } = scopeWhere(scopes, columns)
    const query = database.reads.createQueryBuilder(OrderShadow, 's').where('s.company = :company', { company: 'demo' })
    const rows = await query.andWhere(sql, parameters).orderBy('s.orderId').getMany()
    return rows.map(row => row.orderId)
  }
  const inMemory = (scopes: readonly RowScope[] | undefined) =>
    ROWS.filter(row => metScopes(row, scopes) !== 0).map(row => row.orderId)

  test.each<[string, readonly RowScope[] | undefined, readonly string[]]>([
    ['shows no row without scopes', undefined, []],
    ['shows no row for an empty list of scopes', [], []],
    ['shows every row of the company for the scope of everything', [{}], ['o1', 'o2', 'o3', 'o4']],
    ['limits by order', [{ orderId: ['o2', 'o9'] }], ['o2']],
    ['limits by channel', [{ channel: ['JD'] }], ['o1', 'o2']],
    ['limits by customer', [{ customerId: ['c1'] }], ['o1', 'o3']],
    ['limits by supplier', [{ supplierIds: ['northwind'] }], ['o1', 'o2']],
    ['limits by region', [{ region: ['CN-31'] }], ['o1', 'o4']],
    ['limits by carrier', [{ carrier: ['swift'] }], ['o1', 'o3']],
    ['shows a row once though several of its suppliers match', [{ supplierIds: ['acme', 'northwind'] }], ['o1', 'o2']],
    ['joins the keys of one scope with AND', [{ channel: ['JD'], supplierIds: ['acme'] }], ['o1']],
    ['joins the scopes of one type with OR', [{ channel: ['DIRECT'] }, { supplierIds: ['orient'] }], ['o3', 'o4']],
    ['shows no row for a key without values', [{ channel: [] }], []],
    ['never matches a missing fact', [{ carrier: ['null', ''] }], []],
    ['takes a value for text, not for SQL', [{ channel: ["JD' OR '1'='1"] }], []],
    ['lets one wide scope win over a narrow one', [{ channel: ['JD'] }, {}], ['o1', 'o2', 'o3', 'o4']],
    ['drops a scope over a key that nobody knows', [{ planet: ['x'] } as RowScope, { channel: ['JD'] }], ['o1', 'o2']],
    ['drops a scope over a key that every object inherits', [{ constructor: ['x'] } as unknown as RowScope], []]
  ])('%s, in SQL as in memory', async (_, scopes, expected) => {
    expect(await inSql(scopes)).toEqual(expected)
    expect(inMemory(scopes)).toEqual(expected)
  })

  test('drops a scope over a key that the table has no column for', async () => {
    const { channel } = shadowColumns('s')
    expect(await inSql([{ carrier: ['swift'] }], { channel })).toEqual([])
    expect(await inSql([{ channel: ['JD'], carrier: ['swift'] }], { channel })).toEqual([])
    expect(await inSql([{ carrier: ['swift'] }, { channel: ['DIRECT'] }], { channel })).toEqual(['o3'])
  })

  test('gives two conditions of one query parameters of their own', async () => {
    const first = scopeWhere([{ channel: ['JD'] }], shadowColumns('s'))
    const second = scopeWhere([{ customerId: ['c1'] }], shadowColumns('s'))
    const query = database.reads.createQueryBuilder(OrderShadow, 's').where(first.sql, first.parameters)
    const rows = await query.andWhere(second.sql, second.parameters).getMany()
    expect(rows.map(row => row.orderId)).toEqual(['o1'])
  })

  test('sets one bit for each scope that the row meets', () => {
    const [first, , , last] = ROWS
    const scopes: RowScope[] = [{ channel: ['JD'] }, { supplierIds: ['orient'] }, {}]
    expect(first && metScopes(first, scopes)).toBe(0b101)
    expect(last && metScopes(last, scopes)).toBe(0b110)
  })

  test('never takes a scope beyond the last bit for the first', () => {
    const scopes = [...Array<RowScope>(MOST_SCOPES + 1).fill({ channel: [] }), {}]
    expect(ROWS.map(row => metScopes(row, scopes))).toEqual([0, 0, 0, 0])
  })
})

describeDatabases('the order shadow', start => {
  test('follows newer versions of the order and ignores older ones', async () => {
    await using place = await start()
    const database = await place.openRoom()
    const apply = (version: number, over: Partial<ScopeKeys>) =>
      database.transaction(manager => applyToShadow(manager, orderEvent(keys('o1', over), version)))
    await apply(1, { channel: 'JD', supplierIds: ['acme', 'northwind'] })
    await apply(3, { channel: 'JD', supplierIds: ['northwind', 'orient'], carrier: 'swift' })
    await apply(2, { channel: 'DIRECT', supplierIds: [] })
    const found = await shadowKeys(database.reads, ['o1', 'o2'])
    expect([...found]).toEqual([
      ['o1', keys('o1', { channel: 'JD', supplierIds: ['northwind', 'orient'], carrier: 'swift' })]
    ])
  })

  test('takes no keys from events of other aggregates, nor from events without an order', async () => {
    await using place = await start()
    const database = await place.openRoom()
    const row = keys('o1', { channel: 'JD' })
    await database.transaction(async manager => {
      await applyToShadow(manager, { ...orderEvent(row, 5), aggregate: { type: 'return', id: 'r1' } })
      await applyToShadow(manager, { ...orderEvent(row, 5), keys: { ...row, orderId: null } })
    })
    expect(await database.reads.count(OrderShadow)).toBe(0)
  })

  test('keeps a supplier once though several lines name it', async () => {
    await using place = await start()
    const database = await place.openRoom()
    const row = keys('o1', { supplierIds: ['acme', 'acme'] })
    await database.transaction(manager => applyToShadow(manager, orderEvent(row, 1)))
    expect(await database.reads.count(OrderShadowSupplier)).toBe(1)
  })

  test('finds the keys of more orders than one statement takes', async () => {
    await using place = await start()
    const database = await place.openRoom()
    const ids = Array.from({ length: 1_201 }, (_, i) => `o${i}`)
    await database.transaction(async manager => {
      const facts = { company: 'demo', channel: null, customerId: null, region: null, carrier: null, version: 1 }
      for (let i = 0; i < ids.length; i += 100) {
        await manager.insert(
          OrderShadow,
          ids.slice(i, i + 100).map(orderId => ({ orderId, ...facts }))
        )
      }
    })
    expect((await shadowKeys(database.reads, [...ids, 'o0'])).size).toBe(1_201)
    expect((await shadowKeys(database.reads, [])).size).toBe(0)
  })
})

function keys(orderId: string, over: Partial<ScopeKeys>): ScopeKeys {
  const none = { channel: null, customerId: null, supplierIds: [], region: null, carrier: null }
  return { company: 'demo', orderId, ...none, ...over }
}

function orderEvent(row: ScopeKeys, version: number): LogEvent {
  const aggregate = { type: 'order', id: row.orderId ?? '' }
  return {
    id: `e-${row.orderId}-${version}`,
    type: 'order.paid',
    source: 'orders',
    at: '2026-03-06T09:30:00.000Z',
    aggregate,
    version,
    keys: row,
    data: {}
  }
}
