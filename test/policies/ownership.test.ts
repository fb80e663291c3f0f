import { parse } from 'graphql'
import { CONTRACT_SPEC } from '../../platform/subgraph/directives.ts'
import { apiSchema, apiSchemaSdl } from '../../policies/api-schema.ts'
import { CONTRACT_IDENTITY } from '../../policies/facts.ts'
import { ownership } from '../../policies/owners.ts'
import { checkOwnership } from '../../policies/ownership.ts'
import { SUPERGRAPH, supergraphOf } from './fixture.ts'

const QUERY = 'type Query { a: T @owner(department: "sales") }'

function problemsOf(orders: string, routing?: string): readonly string[] {
  return checkOwnership(parse(supergraphOf({ orders, ...(routing ? { routing } : {}) }))).map(p => p.message)
}

describe('ownership', () => {
  test('K2: a type’s owner covers its fields, a field’s own overrides, and another subgraph’s field has its own', () => {
    const owns = ownership(parse(SUPERGRAPH))
    expect(owns.owner('Order', 'number')).toBe('sales')
    expect(owns.owner('Order', 'intents')).toBe('fulfillment')
    expect(owns.owner('Query', 'stock')).toBe('fulfillment')
    expect(owns.owner('Money', 'amount')).toBeNull()
    expect(owns.isCommons('Money', 'amount')).toBe(true)
    expect(owns.isCommons('OrderChanged', 'at')).toBe(true)
    expect([...owns.departments].sort()).toEqual(['fulfillment', 'sales'])
    expect(owns.scopedBy('Order')).toEqual(['orderId', 'channel', 'supplierIds'])
    expect(owns.scopedBy('Address')).toBeNull()
    expect(owns.isEntity('Order')).toBe(true)
    expect(owns.keyFields('Order')).toEqual(['id'])
  })

  test('K5: what a field requires is a source of it, whether it says so or not', () => {
    const owns = ownership(parse(SUPERGRAPH))
    expect(owns.sources('Order.urgency')).toEqual(['Order.note'])
    expect(owns.sources('Order.promise')).toEqual(['Order.intents'])
  })

  test('the identity of the directives is the one that subgraphs link', () => {
    expect(CONTRACT_SPEC.replace(/\/v1\.0$/, '')).toBe(CONTRACT_IDENTITY)
  })

  test('a sound supergraph passes', () => {
    expect(checkOwnership(parse(SUPERGRAPH))).toEqual([])
  })

  test.each([
    ['a field without an owner (K2)', `${QUERY} type T { x: Int }`, 'T.x has no owner'],
    ['a root field without an owner (K2)', 'type Query { a: Int }', 'Query.a has no owner'],
    [
      'an owner on a root type (K2)',
      'type Query @owner(department: "sales") { a: Int }',
      'Query is a root type with an owner'
    ],
    [
      'an owner and commons together (K2)',
      `${QUERY} type T @owner(department: "sales") { x: Int @owner(department: "sales") @commons }`,
      'T.x is owned by sales and is commons'
    ],
    [
      'a scope key that no row carries (K4)',
      `${QUERY} type T @owner(department: "sales") @scoped(by: ["colour"]) { x: Int }`,
      'T is scoped by "colour", which no row carries'
    ],
    [
      'a source that does not exist (K5)',
      `${QUERY} type T @owner(department: "sales") { x: Int @derivedFrom(fields: ["T.y"]) }`,
      'T.x is @derivedFrom "T.y", which does not exist'
    ],
    [
      'a correlation with what does not exist (K6)',
      `${QUERY} type T @owner(department: "sales") { x: Int @correlates(with: ["U.x.y"]) }`,
      'T.x is @correlates "U.x.y", which does not exist'
    ]
  ])('refuses %s', (_, orders, message) => {
    expect(problemsOf(orders)).toContain(message)
  })

  test('K2: refuses two owners of one field', () => {
    const [a, b] = ['sales', 'finance'].map(
      d => `type T @key(fields: "id") { id: ID! @commons x: Int @shareable @owner(department: "${d}") }`
    )
    expect(problemsOf(`type Query { a: T @owner(department: "sales") } ${a}`, b)).toContain(
      'T.x is owned by sales and finance'
    )
  })

  test('K2: refuses a field that another subgraph adds without an owner of its own', () => {
    const orders =
      'type Query { a: T @owner(department: "sales") } type T @key(fields: "id") @owner(department: "sales") { id: ID! x: Int }'
    expect(problemsOf(orders, 'type T @key(fields: "id") { id: ID! y: Int }')).toEqual([
      'T.x (orders) and T.y (routing) take the owner of T but come from different subgraphs'
    ])
  })

  test('K5: refuses a requirement of another department’s field that is not declared, each leaf of it', () => {
    const orders = `type Query { a: T @owner(department: "sales") }
      type T @key(fields: "id") @owner(department: "sales") { id: ID! c: C } type C @shareable @owner(department: "sales") { mail: String }`
    const routing = `type T @key(fields: "id") { id: ID! c: C @external d: Int @owner(department: "fulfillment") @requires(fields: "c { mail }") }
      type C @shareable @owner(department: "sales") { mail: String }`
    expect(problemsOf(orders, routing)).toEqual([
      'T.d requires T.c of another department and does not say so',
      'T.d requires C.mail of another department and does not say so'
    ])
  })

  test('a supergraph without the directives is refused', () => {
    expect(checkOwnership(parse('type Query { a: Int }'))).toHaveLength(1)
  })
})

describe('the public schema of a supergraph', () => {
  test('has no federation machinery and nothing inaccessible, and keeps our directives in the AST', () => {
    const schema = apiSchema(parse(SUPERGRAPH))
    const names = Object.keys(schema.getTypeMap())
    expect(names.filter(name => /^(join|link)__/.test(name))).toEqual([])
    const order = schema.getType('Order')
    expect(order?.astNode?.directives?.map(d => d.name.value).sort()).toEqual(['owner', 'scoped'])
    expect(apiSchemaSdl(SUPERGRAPH)).not.toMatch(/metScopes|@join|@link|@inaccessible/)
  })

  test('hides with a type whatever stands on it, and what that leaves empty', () => {
    const sdl = apiSchemaSdl(`
      schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
      directive @inaccessible on OBJECT | FIELD_DEFINITION
      type Query { a(filter: F): A b: Int u: U }
      type A { secret: S } type S @inaccessible { x: Int } input F { s: G } input G { x: Int } union U = S`)
    expect(sdl).toMatch(/b: Int/)
    expect(sdl).not.toMatch(/A|S|U/)
  })

  test('security A9: a directive is known by its spec, not by its name', () => {
    const renamed = SUPERGRAPH.replace('"@owner", ', '{ name: "@owner", as: "@belongsTo" }, ')
      .replace('directive @owner(', 'directive @belongsTo(')
      .replaceAll('@owner(', '@belongsTo(')
    expect(ownership(parse(renamed)).owner('Order', 'number')).toBe('sales')
    const foreign = SUPERGRAPH.replace('"@owner", ', '')
    expect(ownership(parse(foreign)).owner('Order', 'number')).toBeNull()
  })
})
