import { type GraphQLSchema, printSchema, printType, validateSchema } from 'graphql'
import type { GrantClause } from '../../policies/contract.ts'
import { book, contract, partner, SUPERGRAPH, viewOf } from './fixture.ts'

function typeText(schema: GraphQLSchema, name: string): string | null {
  const type = schema.getType(name)
  return type ? printType(type).replace(/\s+/g, ' ') : null
}

const ASK: GrantClause = { on: 'Query', fields: ['order', 'orders'] }

describe('a view', () => {
  test('K2: shows what is granted, the commons on the way, and nothing else', () => {
    const { schema } = viewOf([contract([ASK, { on: 'Order', fields: ['id', 'total'] }])])
    expect(validateSchema(schema)).toEqual([])
    expect(
      Object.keys(schema.getTypeMap())
        .filter(n => !n.startsWith('__'))
        .sort()
    ).toEqual(
      ['Boolean', 'ID', 'Int', 'Money', 'Order', 'OrderConnection', 'OrderEdge', 'Query', 'String', 'Viewer'].sort()
    )
    expect(typeText(schema, 'Order')).toBe('type Order { id: ID! total: Money! }')
    expect(printSchema(schema)).not.toMatch(/note|placedAt|@owner|Mutation|Subscription|metScopes/)
  })

  test('K2: a department sees what it owns without a contract, and no more', () => {
    const view = book([]).view('fulfillment')
    expect(view?.isVisible('Stock.onHand')).toBe(true)
    expect(view?.isVisible('Query.order')).toBe(false)
    expect(book([]).view('sales')?.isVisible('Order.note')).toBe(true)
    expect(book([]).view('sales')?.isVisible('Order.intents')).toBe(false)
  })

  test('a party to which nothing is granted has none', () => {
    expect(book([]).view('partner')).toBeNull()
    expect(book([]).view('__proto__')).toBeNull()
  })

  test.each(['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'SUSPENDED', 'TERMINATED'] as const)(
    'a contract that is %s grants nothing',
    status => {
      expect(book([contract([ASK, { on: 'Order', fields: ['id'] }], { status })]).view('partner')).toBeNull()
    }
  )

  test('a contract grants from its first day to the end of its last one, in the company’s zone', () => {
    const at = (time: string) => book([contract([ASK, { on: 'Order', fields: ['id'] }])], { now: Date.parse(time) })
    expect(at('2025-12-31T15:59:59Z').view('partner')).toBeNull()
    expect(at('2025-12-31T16:00:00Z').view('partner')).not.toBeNull()
    expect(at('2026-12-31T15:59:59Z').view('partner')).not.toBeNull()
    expect(at('2026-12-31T16:00:00Z').view('partner')).toBeNull()
    expect(at('2025-06-01T00:00:00Z').changesAt).toBe(Date.parse('2025-12-31T16:00:00Z'))
    expect(at('2026-06-01T00:00:00Z').changesAt).toBe(Date.parse('2026-12-31T16:00:00Z'))
    expect(at('2027-06-01T00:00:00Z').changesAt).toBeNull()
  })

  test('a type of which nothing is granted vanishes with every field that leads to it', () => {
    const { schema } = viewOf([contract([ASK, { on: 'Order', fields: ['id', 'address', 'customer', 'timeline'] }])])
    expect(typeText(schema, 'Order')).toBe('type Order { id: ID! }')
    expect(schema.getType('Address')).toBeUndefined()
  })

  test('K8: an interface shows what every implementation in the view grants', () => {
    const ask: GrantClause = { on: 'Query', fields: ['party'] }
    const both = viewOf([
      contract([ask, { on: 'Customer', fields: ['id', 'name', 'taxId'] }, { on: 'Company', fields: ['name'] }])
    ])
    expect(typeText(both.schema, 'Party')).toBe('interface Party { name: String }')
    const one = viewOf([contract([ask, { on: 'Customer', fields: ['id', 'name', 'taxId'] }])])
    expect(typeText(one.schema, 'Party')).toBe('interface Party { name: String taxId: String }')
    expect(one.schema.getType('Company')).toBeUndefined()
  })

  test('K8: an interface that no implementation shows anything of vanishes', () => {
    const { schema } = viewOf([contract([ASK, { on: 'Query', fields: ['party'] }, { on: 'Order', fields: ['id'] }])])
    expect(schema.getType('Party')).toBeUndefined()
    expect(typeText(schema, 'Query')).not.toMatch(/party/)
  })

  test('K8: a field masked in one implementation only is no field of the interface', () => {
    const grants: readonly GrantClause[] = [
      { on: 'Query', fields: ['party'] },
      { on: 'Customer', fields: ['id', 'name'] },
      { on: 'Customer', fields: ['taxId'], mask: 'last4' },
      { on: 'Company', fields: ['name', 'taxId'] }
    ]
    const { schema } = viewOf([contract(grants)])
    expect(typeText(schema, 'Party')).toBe('interface Party { name: String }')
    expect(validateSchema(schema)).toEqual([])
  })

  test('K8: a union has the members in the view, and a single position can be null for the others', () => {
    const { schema } = viewOf([
      contract([
        { on: 'Query', fields: ['search', 'first'] },
        { on: 'Company', fields: ['name'] }
      ])
    ])
    expect(typeText(schema, 'Hit')).toBe('union Hit = Company')
    expect(typeText(schema, 'Query')).toMatch(/search: \[Hit!\]! first: Hit /)
  })

  test('subscriptions and their events are granted like anything else', () => {
    const events: readonly GrantClause[] = [
      { on: 'Subscription', fields: ['orderChanged'] },
      { on: 'OrderChanged', fields: ['to'] }
    ]
    const { schema } = viewOf([contract([ASK, { on: 'Order', fields: ['id'] }, ...events])])
    expect(typeText(schema, 'OrderChanged')).toBe(
      'type OrderChanged implements Event { id: ID! at: DateTime! to: String! }'
    )
    expect(validateSchema(schema)).toEqual([])
  })

  test('mutations keep their inputs whole, though the fields of the same name are hidden', () => {
    const { schema } = viewOf([
      contract([ASK, { on: 'Order', fields: ['id'] }, { on: 'Mutation', fields: ['submitOrder'] }])
    ])
    expect(typeText(schema, 'SubmitInput')).toBe(
      'input SubmitInput { channel: Channel! placedAt: DateTime note: String }'
    )
    expect(typeText(schema, 'Mutation')).not.toMatch(/cancelOrder/)
  })

  test('“*” grants what the provider owns, and nothing of others', () => {
    const view = viewOf([contract([{ on: '*', fields: '*' }])])
    expect(view.isVisible('Order.note')).toBe(true)
    expect(view.isVisible('Order.intents')).toBe(false)
    expect(view.isVisible('Query.stock')).toBe(false)
    expect(validateSchema(view.schema)).toEqual([])
  })

  test('K10: a schema is made when it is asked for, once for equal views, and again when it was forgotten', () => {
    const made: string[] = []
    const kept = new Map<string, GraphQLSchema>()
    const schemas = {
      get: (key: string) => kept.get(key),
      set: (key: string, schema: GraphQLSchema) => {
        made.push(key)
        kept.set(key, schema)
      }
    }
    const grants: readonly GrantClause[] = [ASK, { on: 'Order', fields: ['id'] }]
    const compiled = book([contract(grants), contract(grants, { consumer: 'other' })], { schemas })
    expect(made).toHaveLength(0)
    const schema = compiled.view('partner')?.schema
    expect(compiled.view('other')?.schema).toBe(schema)
    expect(made).toHaveLength(1)
    kept.clear()
    expect(compiled.view('partner')?.schema).not.toBe(schema)
    expect(made).toHaveLength(2)
  })

  test('its decision class changes with the view, a mask, a row scope, a contract’s version and the graph', () => {
    const id = (grants: readonly GrantClause[], over = {}) => viewOf([contract([ASK, ...grants], over)]).id
    const plain = id([{ on: 'Order', fields: ['id', 'note'] }])
    const others = [
      id([{ on: 'Order', fields: ['id'] }]),
      id([
        { on: 'Order', fields: ['id'] },
        { on: 'Order', fields: ['note'], mask: 'initial' }
      ]),
      id([
        { on: 'Order', fields: ['id'] },
        { on: 'Order', fields: ['note'], mask: 'last4' }
      ]),
      id([{ on: 'Order', fields: ['id', 'note'] }], { scope: { read: { channel: ['$channel'] } } }),
      id([{ on: 'Order', fields: ['id', 'note'] }], { version: '1.0.1' }),
      book([contract([ASK, { on: 'Order', fields: ['id', 'note'] }])], { supergraphSdl: `${SUPERGRAPH}\n` }).view(
        'partner'
      )?.id
    ]
    expect(new Set([plain, ...others]).size).toBe(others.length + 1)
    expect(id([{ on: 'Order', fields: ['id', 'note'] }])).toBe(plain)
  })

  test('K1: claims change what is bound, never the view', () => {
    const view = viewOf([
      contract([ASK, { on: 'Order', fields: ['id'] }], { scope: { read: { channel: ['$channel'] } } })
    ])
    expect(view.access(partner({ channel: 'JD' })).read['Order']).toEqual([{ channel: ['JD'] }])
    expect(view.access(partner({ channel: 'WECHAT' })).read['Order']).toEqual([{ channel: ['WECHAT'] }])
  })
})
