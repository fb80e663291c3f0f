import { printType } from 'graphql'
import type { Contract, ContractDocument, GrantClause } from '../../policies/contract.ts'
import { book, contract, errorsOf, partner, viewOf } from './fixture.ts'

const ASK: GrantClause = { on: 'Query', fields: ['order', 'orders', 'sorted'] }

/** A contract of sales with an id of its own over some rows. */
function on(
  id: string,
  read: NonNullable<ContractDocument['scope']>['read'],
  grants: readonly GrantClause[],
  write?: NonNullable<ContractDocument['scope']>['write']
): Contract {
  return contract(grants, { id, scope: { ...(read ? { read } : {}), ...(write ? { write } : {}) } })
}

const WECHAT = { channel: ['WECHAT'] }
const ACME = { supplierIds: ['$supplier'] }

describe('several contracts', () => {
  test('K3: A on rows X and B on rows Y never show A on Y; what depends on the row is nullable', () => {
    const view = viewOf([
      on('a', WECHAT, [ASK, { on: 'Order', fields: ['id', 'number'] }]),
      on('b', ACME, [{ on: 'Order', fields: ['id', 'note', 'placedAt'] }])
    ])
    expect(view.access(partner()).read['Order']).toEqual([WECHAT, { supplierIds: ['acme'] }])
    expect(Object.fromEntries(view.cells.get('Order') ?? [])).toEqual({
      id: 0b11,
      number: 0b01,
      note: 0b10,
      placedAt: 0b10
    })
    const order = view.schema.getType('Order')
    expect(order && printType(order).replace(/\s+/g, ' ')).toBe(
      'type Order { id: ID! number: String placedAt: DateTime note: String }'
    )
  })

  test('K4: rows within the rows of another contract need no bits', () => {
    const view = viewOf([
      on('a', 'all', [ASK, { on: 'Order', fields: ['id', 'number'] }]),
      on('b', WECHAT, [{ on: 'Order', fields: ['id'] }])
    ])
    expect(view.cells.size).toBe(0)
    expect(view.access(partner()).read['Order']).toEqual([{}])
  })

  test('K3: a field of narrower rows has the bits of those rows alone', () => {
    const view = viewOf([
      on('a', 'all', [ASK, { on: 'Order', fields: ['id'] }]),
      on('b', WECHAT, [{ on: 'Order', fields: ['note'] }])
    ])
    const scopes = view.access(partner()).read['Order'] ?? []
    const bit = 1 << scopes.findIndex(scope => scope.channel)
    expect(view.cells.get('Order')?.get('note')).toBe(bit)
    expect(view.cells.get('Order')?.get('id')).toBe(0b11)
  })

  test('K1: bits keep their meaning when a claim is missing', () => {
    const view = viewOf([
      on('a', ACME, [ASK, { on: 'Order', fields: ['id'] }]),
      on('b', { orderId: ['o1'] }, [{ on: 'Order', fields: ['note'] }])
    ])
    const full = view.access(partner()).read['Order'] ?? []
    const less = view.access(partner({})).read['Order'] ?? []
    expect(less).toHaveLength(full.length)
    expect(less[full.findIndex(s => s.supplierIds)]).toEqual({ supplierIds: [] })
    expect(less[full.findIndex(s => s.orderId)]).toEqual({ orderId: ['o1'] })
  })

  test('K3: the least masked wins where it covers the other’s rows', () => {
    const masked = on('a', WECHAT, [
      ASK,
      { on: 'Order', fields: ['id'] },
      { on: 'Order', fields: ['note'], mask: 'initial' }
    ])
    const plain = on('b', 'all', [{ on: 'Order', fields: ['id', 'note'] }])
    expect(viewOf([masked]).masks.get('Order.note')?.name).toBe('initial')
    expect(viewOf([masked, plain]).masks.size).toBe(0)
    expect(viewOf([masked, plain]).cells.size).toBe(0)
  })

  test('K3: a mask that would depend on the row does not compile, and the safer one stands', () => {
    const contracts = [
      on('a', WECHAT, [ASK, { on: 'Order', fields: ['id', 'placedAt'] }]),
      on('b', 'all', [
        { on: 'Order', fields: ['id'] },
        { on: 'Order', fields: ['placedAt'], mask: 'day' }
      ])
    ]
    expect(errorsOf(contracts)).toEqual(['Order.placedAt would be plain on channel in [WECHAT] and day on all rows'])
    expect(book(contracts).view('partner')?.masks.get('Order.placedAt')?.name).toBe('day')
  })

  test('K3: masks that cannot be compared show nothing', () => {
    const grants = (mask: 'initial' | 'last4'): readonly GrantClause[] => [
      ASK,
      { on: 'Order', fields: ['id'] },
      { on: 'Order', fields: ['note'], mask }
    ]
    const contracts = [on('a', 'all', grants('initial')), on('b', 'all', grants('last4'))]
    expect(errorsOf(contracts)).toHaveLength(1)
    expect(book(contracts).view('partner')?.isVisible('Order.note')).toBe(false)
  })

  test('K3: what hangs on a row is not shown on another contract’s rows', () => {
    const contracts = [
      on('a', WECHAT, [
        ASK,
        { on: 'Order', fields: ['id', 'address'] },
        { on: 'Address', fields: ['province', 'street'] }
      ]),
      on('b', ACME, [
        { on: 'Order', fields: ['id', 'address'] },
        { on: 'Address', fields: ['province'] }
      ])
    ]
    expect(errorsOf(contracts)).toEqual([
      'Address.street is granted on channel in [WECHAT], but would show rows where supplierIds in [$supplier] too'
    ])
    const view = book(contracts).view('partner')
    expect(view?.isVisible('Address.street')).toBe(false)
    expect(view?.isVisible('Address.province')).toBe(true)
  })

  test('K3: a subscription granted on some rows does not tell of others', () => {
    const contracts = [
      on('a', WECHAT, [
        ASK,
        { on: 'Order', fields: ['id'] },
        { on: 'Subscription', fields: ['orderChanged'] },
        { on: 'OrderChanged', fields: '*' }
      ]),
      on('b', ACME, [{ on: 'Order', fields: ['id'] }])
    ]
    expect(errorsOf(contracts)[0]).toMatch(
      /^Subscription\.orderChanged is granted on channel in \[WECHAT\], but would show rows where supplierIds/
    )
    expect(book(contracts).view('partner')?.isVisible('Subscription.orderChanged')).toBe(false)
  })

  test('K4: types that are not visible have no row, and those without rows of their own have all', () => {
    const { read } = viewOf([
      on('a', WECHAT, [ASK, { on: 'Order', fields: ['id', 'address'] }, { on: 'Address', fields: '*' }])
    ]).access(partner())
    expect(Object.keys(read).sort()).toEqual(['Address', 'Order', 'OrderConnection', 'OrderEdge', 'Viewer'])
    expect(read['Address']).toEqual([{}])
    expect(read['constructor']).toBeUndefined()
  })

  test('K4: a reference to a row that may be out of scope can be null', () => {
    const grants: readonly GrantClause[] = [
      ASK,
      { on: 'Order', fields: ['id', 'customer'] },
      { on: 'Customer', fields: ['id'] }
    ]
    const customer = (read: NonNullable<ContractDocument['scope']>['read']) => {
      const type = viewOf([on('a', read, grants)]).schema.getType('Order')
      return type && printType(type).match(/customer: (.*)/)?.[1]
    }
    expect(customer(WECHAT)).toBe('Customer')
    expect(customer('all')).toBe('Customer!')
  })
})

describe('write scopes', () => {
  const cancel: GrantClause = { on: 'Mutation', fields: ['cancelOrder'] }
  const submit: GrantClause = { on: 'Mutation', fields: ['submitOrder'] }

  test('K7: reading and writing are apart', () => {
    const { read, write } = viewOf([
      on('a', 'all', [ASK, { on: 'Order', fields: ['id'] }, submit], { channel: ['$channel'] })
    ]).access(partner())
    expect(read['Order']).toEqual([{}])
    expect(write).toEqual({ Order: [{ channel: ['WECHAT'] }] })
  })

  test('K7: who is granted no mutation may write nothing', () => {
    expect(viewOf([on('a', 'all', [ASK, { on: 'Order', fields: ['id'] }], 'all')]).access(partner()).write).toEqual({})
  })

  test('K7: each mutation has its own rows; when it is not said which, only what all of them may', () => {
    const view = viewOf([
      on('a', 'all', [ASK, { on: 'Order', fields: ['id'] }, submit], WECHAT),
      on('b', 'all', [{ on: 'Order', fields: ['id'] }, cancel], 'all')
    ])
    expect(view.access(partner(), 'submitOrder').write['Order']).toEqual([WECHAT])
    expect(view.access(partner(), 'cancelOrder').write['Order']).toEqual([{}])
    expect(view.access(partner(), 'addNote').write).toEqual({})
    expect(view.access(partner()).write['Order']).toEqual([WECHAT])
  })

  test('K7: rows that two mutations do not share are nobody’s when it is not said which', () => {
    const view = viewOf([
      on('a', 'all', [ASK, { on: 'Order', fields: ['id'] }, submit], WECHAT),
      on('b', 'all', [{ on: 'Order', fields: ['id'] }, cancel], ACME)
    ])
    expect(view.access(partner()).write['Order']).toEqual([])
  })
})
