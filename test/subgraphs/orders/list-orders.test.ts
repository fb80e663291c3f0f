import type { Access } from '../../../platform/scope/scope.ts'
import { mutate, ORDER, type OrdersRoom, startOrders, submitted } from './given.ts'

interface Page {
  readonly nodes: readonly { readonly number: string }[]
  readonly totalCount: number
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    endCursor: string
    startCursor: string
  }
}

describe('orders', () => {
  let t: OrdersRoom
  beforeAll(async () => {
    t = await startOrders({ now: '2026-03-10T00:00:00.000Z' })
    const line = { name: 'x', quantity: 1 }
    const given = [
      {
        number: 'A-1',
        channel: 'JD',
        placedAt: '2026-03-01T00:00:00Z',
        lines: [{ ...line, sku: 'B1', unitPrice: '30', supplierId: 'acme' }]
      },
      {
        number: 'A-2',
        channel: 'JD',
        placedAt: '2026-03-02T00:00:00Z',
        lines: [{ ...line, sku: 'B1', unitPrice: '10', supplierId: 'acme' }]
      },
      {
        number: 'B-1',
        channel: 'B2B',
        placedAt: '2026-03-03T00:00:00Z',
        customer: { externalId: 'buyer-9', region: 'Sichuan' },
        lines: [
          { ...line, sku: 'F1', unitPrice: '5', supplierId: 'orient' },
          { ...line, sku: 'B1', unitPrice: '15', supplierId: 'acme' }
        ]
      },
      {
        number: 'A%1',
        channel: 'WECHAT',
        placedAt: '2026-03-03T00:00:00Z',
        lines: [{ ...line, sku: 'F1', unitPrice: '20', supplierId: 'orient' }]
      }
    ]
    for (const order of given) await submitted(t, order)
  })
  afterAll(() => t[Symbol.asyncDispose]())

  const list = async (args: string, access?: Access): Promise<Page> => {
    const fields = 'nodes { number } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
    const answer = await t.execute<{ orders: Page }>(`{ orders${args} { ${fields} } }`, {}, access)
    if (!answer.data) throw new Error(JSON.stringify(answer.errors))
    return answer.data.orders
  }
  const numbers = ({ nodes }: Page) => nodes.map(({ number }) => number)

  test.each([
    ['channel: JD', ['A-1', 'A-2']],
    ['channel: [JD, B2B]', ['A-1', 'A-2', 'B-1']],
    ['channel: []', []],
    ['status: PAID', []],
    ['status: [AWAITING_PAYMENT], region: "Sichuan"', ['B-1']],
    ['supplierId: "orient"', ['A%1', 'B-1']],
    ['placedFrom: "2026-03-02T00:00:00Z", placedTo: "2026-03-03T00:00:00Z"', ['A-2']],
    ['numberPrefix: "A"', ['A%1', 'A-1', 'A-2']],
    ['numberPrefix: "A%"', ['A%1']]
  ])('are filtered by %s', async (filter, expected) => {
    const page = await list(`(filter: { ${filter} }, orderBy: { field: NUMBER, direction: ASC })`)
    expect(numbers(page)).toEqual(expected)
    expect(page.totalCount).toBe(expected.length)
  })

  test.each([
    ['PLACED_AT', 'ASC', ['A-1', 'A-2']],
    ['NUMBER', 'DESC', ['B-1', 'A-2', 'A-1', 'A%1']],
    ['TOTAL', 'ASC', ['A-2']]
  ])('are ordered by %s %s', async (field, direction, expected) => {
    const page = await list(`(orderBy: { field: ${field}, direction: ${direction} })`)
    expect(numbers(page).slice(0, expected.length)).toEqual(expected)
  })

  test('are the newest first by default', async () => {
    expect(numbers(await list('')).slice(2)).toEqual(['A-2', 'A-1'])
  })

  test.each(['PLACED_AT', 'NUMBER', 'TOTAL'])('are paged through both ways by %s, each once', async field => {
    const order = `orderBy: { field: ${field}, direction: DESC }`
    const all = numbers(await list(`(${order})`))
    const forward: string[] = []
    for (let after = ''; ; ) {
      const page = await list(`(${order}, first: 1${after && `, after: "${after}"`})`)
      forward.push(...numbers(page))
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(forward).toEqual(all)
    const last = await list(`(${order}, last: 2)`)
    expect(numbers(last)).toEqual(all.slice(2))
    expect(numbers(await list(`(${order}, last: 5, before: "${last.pageInfo.startCursor}")`))).toEqual(all.slice(0, 2))
  })

  test('are those of the caller’s scopes alone, and a supplier’s lines are its own', async () => {
    const orient = [{ supplierIds: ['orient'] }]
    const access = t.access({ read: { Order: orient, OrderLine: orient } })
    const answer = await t.execute(
      '{ orders(orderBy: { field: NUMBER, direction: ASC }) { totalCount nodes { number customer { id } lines { sku } metScopes } } }',
      {},
      access
    )
    expect(answer.data).toEqual({
      orders: {
        totalCount: 2,
        nodes: [
          { number: 'A%1', customer: null, lines: [{ sku: 'F1' }], metScopes: 1 },
          { number: 'B-1', customer: null, lines: [{ sku: 'F1' }], metScopes: 1 }
        ]
      }
    })
    expect((await list('', t.access({ read: {} }))).totalCount).toBe(0)
    expect((await list('', t.access({ company: 'other' }))).totalCount).toBe(0)
  })

  test('say which of several scopes each row met', async () => {
    const access = t.access({ read: { Order: [{ channel: ['JD'] }, { supplierIds: ['acme'] }] } })
    const answer = await t.execute(
      '{ orders(orderBy: { field: NUMBER, direction: ASC }) { nodes { number metScopes } } }',
      {},
      access
    )
    expect(answer.data).toEqual({
      orders: {
        nodes: [
          { number: 'A-1', metScopes: 3 },
          { number: 'A-2', metScopes: 3 },
          { number: 'B-1', metScopes: 2 }
        ]
      }
    })
  })

  test('are found as entities by their key, unless they are out of scope', async () => {
    const own = await submitted(t, { number: 'E-1', externalId: 'ext-1' })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { number } ... on Customer { externalId } } }`
    const representations = [
      { __typename: 'Order', id: own.id },
      { __typename: 'Customer', id: own.customer?.id },
      { __typename: 'Order', id: 'ord_unknown' }
    ]
    const seen = await t.execute(query, { r: representations })
    expect(seen.data).toEqual({ _entities: [{ number: 'E-1' }, { externalId: ORDER.customer.externalId }, null] })
    const hidden = await t.execute(query, { r: representations }, t.access({ read: { Order: [{ channel: ['JD'] }] } }))
    expect(hidden.data).toEqual({ _entities: [null, null, null] })
    const byExternalId = '{ orderByExternalId(channel: TAOBAO, externalId: "ext-1") { number } }'
    expect((await t.execute(byExternalId)).data).toEqual({ orderByExternalId: { number: 'E-1' } })
  })

  test('take a value that is said many times as said once', async () => {
    const all = (await list('')).totalCount
    const many = { status: Array(40_000).fill('AWAITING_PAYMENT'), channel: Array(40_000).fill('JD') }
    const query = 'query ($filter: OrderFilter) { orders(filter: $filter) { totalCount } }'
    const { data, errors } = await t.execute<{ orders: Page }>(query, { filter: many })
    expect(errors).toBeUndefined()
    expect(data?.orders.totalCount).toBe(2)
    expect(all).toBeGreaterThan(2)
  })

  test('refuse a page that makes no sense', async () => {
    for (const args of ['(first: 101)', '(first: 1, last: 1)', '(first: -1)', '(after: "bm9uZQ")']) {
      await expect(list(args)).rejects.toThrow(/page|exclude|cursor/)
    }
  })

  test('follow their status', async () => {
    const { id: orderId } = await submitted(t, { number: 'S-1' })
    await mutate(t, 'payOrder', { orderId })
    expect(numbers(await list('(filter: { status: PAID })'))).toEqual(['S-1'])
  })
})
