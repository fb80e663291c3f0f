import { accessRules } from '../../../gateway/authorize/rules.ts'
import { openView } from '../../../gateway/execute/open-view.ts'
import { readSupergraph } from '../../../gateway/plan/supergraph.ts'

const link = (spec: string, more = '') => `@link(url: "https://specs.apollo.dev/${spec}" ${more})`
const SECURITY = ', for: SECURITY'
const LINKS = ['authenticated/v0.1', 'requiresScopes/v0.1', 'policy/v0.1'].map(spec => link(spec, SECURITY)).join(' ')

/** A supergraph as a composition might have written it, checks or no checks. */
const supergraph = (types: string, links = LINKS) => `
  schema ${link('link/v1.0')} ${link('join/v0.5', ', for: EXECUTION')} ${links} { query: Query }
  enum join__Graph { A @join__graph(name: "a", url: "http://a")  B @join__graph(name: "b", url: "http://b") }
  ${types.includes('type Query') ? '' : 'type Query { a: Int }'}
  ${types}`

/** What it takes to have a place: clauses that must all hold, each of them alternatives. */
const takes = (types: string, place: string, links?: string) => {
  const found = accessRules(supergraph(types, links))?.requirements.get(place)
  return [...(found?.values() ?? [])]
    .map(alternatives => alternatives.map(literals => literals.join(' & ')).join(' | '))
    .sort()
}
const needs = (policy: string) => `@policy(policies: [["${policy}"]])`

describe('rules that are written', () => {
  test('are read in all three forms, and add up by AND (A15, A16)', () => {
    const types = `type Order {
      a: Int @authenticated
      b: Int @requiresScopes(scopes: [["x", "y"], ["z"]])
      c: Int @authenticated @requiresScopes(scopes: [["x"]]) @policy(policies: [["p"], ["q"]])
    }`
    expect(takes(types, 'Order.a')).toEqual(['authenticated'])
    expect(takes(types, 'Order.b')).toEqual(['scope:x & scope:y | scope:z'])
    expect(takes(types, 'Order.c')).toEqual(['authenticated', 'policy:p | policy:q', 'scope:x'].sort())
    expect(takes(types, 'Order')).toEqual([])
  })

  test('are kept in their smallest form (A15, A24)', () => {
    const types = `type Order {
      twice: Int @policy(policies: [["p", "p"], ["p"], ["p", "q"]])
      same: Int ${needs('p')} ${needs('p')} @policy(policies: [["p"], ["q"]])
    }`
    expect(takes(types, 'Order.twice')).toEqual(['policy:p'])
    expect(takes(types, 'Order.same')).toEqual(['policy:p'])
  })

  test('are found by their spec under any name (A9)', () => {
    const renamed = link('policy/v0.1', ', import: [{ name: "@policy", as: "@contract" }], for: SECURITY')
    expect(takes('type Order { a: Int @contract(policies: [["p"]]) }', 'Order.a', renamed)).toEqual(['policy:p'])
    const prefixed = link('policy/v0.1', ', as: "access", for: SECURITY')
    expect(takes('type Order { a: Int @access(policies: [["p"]]) }', 'Order.a', prefixed)).toEqual(['policy:p'])
    expect(takes('type Order { a: Int @policy__policy(policies: [["p"]]) }', 'Order.a')).toEqual(['policy:p'])
    const stars = link('policy/v0.1', ', import: ["@policy"]')
    expect(takes(`type Order { a: Int ${needs('p')} }`, 'Order.a', stars)).toEqual(['policy:p'])
  })

  test('are not those of a foreign spec that has the same name (A9)', () => {
    const foreign = '@link(url: "https://specs.example.com/insurance/v1.0", import: ["@policy"])'
    const renamed = link('policy/v0.1', ', import: [{ name: "@policy", as: "@contract" }], for: SECURITY')
    const types = 'type Order { a: Int @policy(number: 7)  b: Int @contract(policies: [["p"]]) }'
    expect(takes(types, 'Order.a', `${foreign} ${renamed}`)).toEqual([])
    expect(takes(types, 'Order.b', `${foreign} ${renamed}`)).toEqual(['policy:p'])
    expect(accessRules(supergraph('type Order { a: Int @policy(number: 7) }', foreign))).toBeNull()
  })

  test('are none where there are none', () => {
    expect(accessRules(supergraph('type Order { a: Int }'))).toBeNull()
    expect(accessRules(supergraph('type Order { a: Int }', ''))).toBeNull()
  })

  test.each([
    ['type Order { a: Int @policy(policies: []) }', '@policy on Order.a: its "policies" must be a list of lists'],
    ['type Order { a: Int @policy }', '@policy on Order.a: its "policies" must be a list of lists'],
    ['type Order { a: Int @policy(policies: [["p"], []]) }', '@policy on Order.a: its "policies" holds an empty list'],
    [
      'type Order { a: Int @requiresScopes(scopes: [[]]) }',
      '@requiresScopes on Order.a: its "scopes" holds an empty list'
    ],
    [
      'type Order { a: Int @requiresScopes(scopes: [[""]]) }',
      '@requiresScopes on Order.a: its "scopes" must hold names'
    ],
    ['scalar Email @policy(policies: [[1]])', '@policy on Email: its "policies" must hold names'],
    [
      `type Order { a: Int @policy(policies: [${Array.from({ length: 10_000 }, (_, i) => `["p${i}"]`)}]) }`,
      '@policy on Order.a: it has 10000 alternatives'
    ]
  ])('that would open what they close, or never end, are refused with their place: %.60s (A24)', (types, message) => {
    expect(() => accessRules(supergraph(types))).toThrow(message)
    expect(() => readSupergraph(supergraph(types))).toThrow(message)
  })

  test.each([
    ['union Hit @authenticated = Query', 'Hit'],
    ['input Filter { a: Int @authenticated }', 'Filter.a'],
    ['type Order { a(b: Int @authenticated): Int }', 'Order.a.b'],
    ['enum Status { OPEN @authenticated }', 'Status.OPEN'],
    ['extend schema @authenticated', 'schema']
  ])('where Federation defines none are refused: %s', (types, place) => {
    expect(() => accessRules(supergraph(types))).toThrow(
      `@authenticated on ${place}: Federation defines no access rules`
    )
  })

  test('of which it is not clear whose they are, or what they mean, are refused (A9)', () => {
    const types = 'type Order { a: Int @authenticated }'
    expect(() => accessRules(supergraph(types, ''))).toThrow('uses @authenticated and has no @link')
    expect(() => accessRules(supergraph(types, link('authenticated/v0.2')))).toThrow('authenticated/v0.2')
    const bare = supergraph(types).replaceAll('@link(', '@lnk(')
    expect(() => accessRules(bare)).toThrow('the supergraph links under the name @lnk')
    const unknown = supergraph(types, `${LINKS} @link(url: "https://specs.example.com/vault/v1.0", for: SECURITY)`)
    for (const read of [readSupergraph, openView]) expect(() => read(unknown)).toThrow('vault/v1.0, which this router')
    for (const read of [readSupergraph, openView]) expect(() => read(supergraph(types))).not.toThrow()
  })

  test.each([
    'https://specs.example.com/turbo/v1.0',
    'https://specs.apollo.dev/connect/v0.1',
    'https://x.example/join/v0.5'
  ])('without which a supergraph cannot be executed are refused where they are not known: %s', url => {
    const unknown = supergraph('type Order { a: Int }', `${LINKS} @link(url: "${url}", for: EXECUTION)`)
    for (const read of [readSupergraph, openView])
      expect(() => read(unknown)).toThrow(`built on ${url}, without which it cannot be executed`)
  })

  test('of which nothing depends may be there though nobody knows them', () => {
    const links = `${LINKS} @link(url: "https://specs.example.com/notes/v1.0") ${['tag/v0.3', 'cost/v0.1'].map(spec => link(spec)).join(' ')}`
    expect(() => readSupergraph(supergraph('type Order { a: Int }', links))).not.toThrow()
    const known = ['inaccessible/v0.2', 'tag/v0.3', 'cost/v0.1'].map(spec => link(spec, ', for: EXECUTION')).join(' ')
    expect(() => readSupergraph(supergraph('type Order { a: Int }', `${LINKS} ${known}`))).not.toThrow()
  })
})

describe('rules of types', () => {
  const types = `
    type Query { email: [Email!]!  status: Status  audit: [Audit]!  hit: Hit }
    scalar Email ${needs('pii')}
    enum Status ${needs('ops')} { OPEN }
    type Audit @authenticated { by: String ${needs('p')} }
    union Hit = Audit`

  test('hold for the fields that return them, through lists and non-nulls (A20, A21)', () => {
    expect(takes(types, 'Query.email')).toEqual(['policy:pii'])
    expect(takes(types, 'Query.status')).toEqual(['policy:ops'])
    expect(takes(types, 'Query.audit')).toEqual(['authenticated'])
    expect(takes(types, 'Audit.by')).toEqual(['policy:p'])
    expect(takes(types, 'Query.hit')).toEqual([])
  })
})

describe('rules of interfaces', () => {
  const types = (onInterface: string, onCustomer: string, onSupplier: string) => `
    interface Party { taxId: String ${onInterface} }
    type Customer implements Party { taxId: String ${onCustomer} }
    type Supplier implements Party ${needs('procurement')} { taxId: String ${onSupplier} }`

  test('are those of all implementations together (A2, A3)', () => {
    const both = types('', needs('fin'), needs('tax'))
    expect(takes(both, 'Party.taxId')).toEqual(['policy:fin', 'policy:tax'])
    expect(takes(both, 'Party')).toEqual(['policy:procurement'])
  })

  test('are handed down when they are written on the interface alone (A1)', () => {
    const alone = types(needs('fin'), '', '')
    expect(takes(alone, 'Customer.taxId')).toEqual(['policy:fin'])
    expect(takes(alone, 'Supplier.taxId')).toEqual(['policy:fin'])
    const onType = types('', '', '').replace('interface Party', 'interface Party @authenticated')
    expect(takes(`${onType} type Other { customer: Customer }`, 'Other.customer')).toEqual(['authenticated'])
    expect(takes(onType, 'Supplier')).toEqual(['authenticated', 'policy:procurement'])
  })

  test('are not handed down when composition made them of the implementations’ (A7)', () => {
    const merged = types(
      '@policy(policies: [["f", "t"], ["g", "t"]])',
      '@policy(policies: [["f"], ["g"]])',
      needs('t')
    ).replace('interface Party', `interface Party ${needs('procurement')}`)
    expect(takes(merged, 'Customer.taxId')).toEqual(['policy:f | policy:g'])
    expect(takes(merged, 'Supplier.taxId')).toEqual(['policy:t'])
    expect(takes(merged, 'Customer')).toEqual([])
  })

  test('that are only partly explained are handed down whole (A1, A14)', () => {
    const wider = types('@policy(policies: [["f"]])', '@policy(policies: [["f"], ["g"]])', '')
    expect(takes(wider, 'Customer.taxId')).toEqual(['policy:f'])
    expect(takes(wider, 'Supplier.taxId')).toEqual(['policy:f'])
  })

  test('of an interface object reach every type, and so do the fields that it makes (A10, A19)', () => {
    const rated = `
      interface Party @join__type(graph: A) @join__type(graph: B, isInterfaceObject: true) {
        taxId: String
        rating: Int @join__field(graph: B) ${needs('rate')}
        risk: Int @join__field(graph: B, requires: "taxId")
      }
      type Customer implements Party { taxId: String ${needs('fin')}  rating: Int @join__field  risk: Int @join__field }
      type Supplier implements Party { taxId: String  rating: Int @join__field  risk: Int @join__field }`
    expect(takes(rated, 'Customer.rating')).toEqual(['policy:rate'])
    expect(takes(rated, 'Supplier.rating')).toEqual(['policy:rate'])
    expect(takes(rated, 'Customer.risk')).toEqual(['policy:fin'])
    expect(takes(rated, 'Supplier.risk')).toEqual([])
    expect(takes(rated, 'Party.risk')).toEqual(['policy:fin'])
  })
})

describe('fields that are made of others', () => {
  const order = (fields: string) => `
    type Query { order: Order }
    type Order @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      margin: Float @join__field(graph: A) ${needs('fin')}
      ${fields}
    }`
  const made = (requires: string, rule = '') =>
    order(`made: Int @join__field(graph: B, requires: "${requires}") ${rule}`)

  test('take what those take, unless they imply it (A10)', () => {
    expect(takes(made('margin'), 'Order.made')).toEqual(['policy:fin'])
    expect(takes(made('margin', needs('logi')), 'Order.made')).toEqual(['policy:fin', 'policy:logi'])
    expect(takes(made('margin', '@policy(policies: [["fin", "logi"]])'), 'Order.made')).toEqual([
      'policy:fin & policy:logi'
    ])
    expect(takes(made('margin'), 'Query.order')).toEqual([])
  })

  test('take it although some of their alternatives would do: that is no implication (A14)', () => {
    const open = '@policy(policies: [["fin"], ["logi"]])'
    expect(takes(made('margin', open), 'Order.made')).toEqual(['policy:fin'])
    const nested = order(`b: Int @policy(policies: [["A", "B"], ["C"]])
      made: Int @join__field(graph: B, requires: "b") @policy(policies: [["A"], ["C"]])`)
    expect(takes(nested, 'Order.made')).toEqual(['policy:A & policy:B | policy:C'])
  })

  test('take it over any number of steps, and round in circles (A11)', () => {
    const chain = order(`
      a: Int @join__field(graph: A, requires: "b")
      b: Int @join__field(graph: B, requires: "c margin")
      c: Int @join__field(graph: A, requires: "a")`)
    for (const field of ['a', 'b', 'c']) expect(takes(chain, `Order.${field}`)).toEqual(['policy:fin'])
  })

  test('take it from nested objects, interfaces and under conditions (A12)', () => {
    const parties = `
      scalar Email ${needs('pii')}
      interface Party { name: String  taxId: String }
      type Customer implements Party { name: String  taxId: String ${needs('fin')}  email: Email }
      type Supplier implements Party ${needs('procurement')} { name: String  taxId: String  bank: String ${needs('bank')} }
      union Someone = Customer | Supplier`
    const withParties = (requires: string) =>
      `${order(`customer: Customer ${needs('crm')}  party: Party  someone: Someone  made: Int @join__field(graph: B, requires: "${requires}")`)} ${parties}`
    expect(takes(withParties('customer { email }'), 'Order.made')).toEqual(['policy:crm', 'policy:pii'])
    expect(takes(withParties('customer { ... on Customer { email } }'), 'Order.made')).toEqual([
      'policy:crm',
      'policy:pii'
    ])
    expect(takes(withParties('party { taxId }'), 'Order.made')).toEqual(['policy:fin', 'policy:procurement'])
    expect(takes(withParties('party { ... on Customer { taxId } }'), 'Order.made')).toEqual(['policy:fin'])
    expect(takes(withParties('party { ... on Customer { name } }'), 'Order.made')).toEqual([])
    expect(takes(withParties('someone { ... on Supplier { bank } }'), 'Order.made')).toEqual([
      'policy:bank',
      'policy:procurement'
    ])
    expect(takes(withParties('someone { __typename }'), 'Order.made')).toEqual(['policy:procurement'])
  })

  test('take it from every type that sets their context (A13)', () => {
    const contexts = (selection: string) => `
      type Order @context(name: "a__owner") { margin: Float ${needs('fin')}  line: Line }
      type Quote @context(name: "a__owner") ${needs('sales')} { margin: Float ${needs('quote')}  line: Line }
      type Line {
        tier: Int @join__field(
          graph: A, contextArguments: [{ context: "a__owner", name: "m", type: "Float", selection: "${selection}" }])
      }`
    const links = `${LINKS} ${link('context/v0.1', SECURITY)}`
    expect(takes(contexts(' { margin }'), 'Line.tier', links)).toEqual(['policy:fin', 'policy:quote', 'policy:sales'])
    const apart = contexts(' ... on Order { margin } ... on Quote { __typename }')
    expect(takes(apart, 'Line.tier', links)).toEqual(['policy:fin', 'policy:sales'])
  })
})
