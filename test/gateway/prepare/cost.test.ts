import type { Limits } from '../../../gateway/prepare/limits.ts'
import { caller, type Federation, federate, type TestSubgraph } from '../../support/federation.ts'
import { outcome, repeat } from './refusals.ts'

const ORDERS = `
  type Query {
    order(id: ID!): Order
    orders(first: Int = 20, last: Int): Orders!
    page(limit: Int!): [Order!]!
    all: [Order!]!
    search(text: String, first: String): [Order!]!
    node: Node
    hit: Hit
  }
  type Orders { nodes: [Order!]! edges: [Edge!]! totalCount: Int! info: Info! }
  type Edge { node: Order! }
  type Info { next: String }
  interface Node { id: ID! }
  union Hit = Order | Line
  type Order implements Node @key(fields: "id") { id: ID! lines(first: Int): [Line!]! grid(first: Int): [[Line!]!] parent: Order }
  type Line implements Node { id: ID! order: Order! }`

const federation = federate({ orders: { sdl: ORDERS } })

/** What the router counts, the limit out of the way. */
function costOf(query: string, variables: Record<string, unknown> = {}, on: Federation = open): number {
  return on.engine.prepare({ query, variables }, caller(on)).cost
}
const open = federate({ orders: { sdl: ORDERS } }, { limits: { cost: 1e30 } })

describe('the cost of an operation', () => {
  test.each([
    ['counts objects, not values', '{ order(id: 1) { id parent { id } } }', 2],
    ['counts a list without a size once', '{ all { id lines { id } } }', 2],
    ['counts a list as often as its page says', '{ page(limit: 7) { id } }', 7],
    ['multiplies what lies within', '{ page(limit: 7) { lines(first: 3) { order { id } } } }', 7 * (1 + 3 * 2)],
    ['counts lists of lists by their size', '{ order(id: 1) { grid(first: 5) { id } } }', 6],
    ['hands the size of a connection to its lists', '{ orders(first: 5) { nodes { id } } }', 6],
    ['hands it to each of them', '{ orders(first: 5) { nodes { id } edges { node { id } } } }', 1 + 5 + 5 * 2],
    ['hands it to nothing else', '{ orders(first: 5) { totalCount info { next } } }', 2],
    ['takes the default of a size', '{ orders { nodes { id } } }', 21],
    ['takes the larger of two sizes', '{ orders(first: 5, last: 8) { nodes { id } } }', 9],
    ['takes a size of null for none', '{ orders(first: null) { nodes { id } } }', 2],
    ['takes no text for a size', '{ search(first: "9") { id } }', 1],
    ['takes nothing for a size below nothing', '{ page(limit: -7) { id } }', 0],
    [
      'counts fragments where they stand',
      '{ page(limit: 7) { ...A } } fragment A on Order { parent { ...B } } fragment B on Order { id parent { id } }',
      7 * 3
    ],
    [
      'sees through fragments of a connection',
      '{ orders(first: 5) { ...A } } fragment A on Orders { ...B } fragment B on Orders { nodes { id } }',
      6
    ],
    [
      'knows the places of one fragment apart',
      '{ a: orders(first: 5) { ...A } b: orders(first: 50) { ...A } } fragment A on Orders { nodes { id } }',
      6 + 51
    ],
    ['sees through inline fragments', '{ orders(first: 5) { ... { ... on Orders { nodes { id } } } } }', 6],
    [
      'counts what each type would bring',
      '{ hit { ... on Order { lines(first: 5) { id } } ... on Line { order { id } } } }',
      7
    ],
    ['counts what is skipped', '{ page(limit: 7) @include(if: false) { id } }', 7],
    [
      'leaves introspection to its own limits',
      '{ __typename __schema { types { name } } order(id: 1) { __typename id } }',
      1
    ]
  ])('%s', (_, query, cost) => {
    expect(costOf(query)).toBe(cost)
  })

  test('counts variables with their value, again at each request', () => {
    const query = 'query ($n: Int = 4, $m: Int!) { orders(first: $n) { nodes { lines(first: $m) { id } } } }'
    for (const [variables, cost] of [
      [{ n: 5, m: 3 }, 1 + 5 * 4],
      [{ n: 50, m: 3 }, 1 + 50 * 4],
      [{ m: 3 }, 1 + 4 * 4],
      [{ n: null, m: 3 }, 1 + 4],
      [{ n: 5, m: 3 }, 1 + 5 * 4]
    ] as const) {
      expect(costOf(query, variables)).toBe(cost)
    }
    expect(costOf('query ($n: Int) { orders(first: $n) { nodes { id } } }')).toBe(21)
  })

  test('counts variables in fragments that stand in several places', () => {
    const query = `query ($n: Int!) { a: orders(first: 2) { ...A } b: orders(first: 3) { ...A } page(limit: 2) { ...B } order(id: 1) { ...B } }
      fragment A on Orders { nodes { ...B } } fragment B on Order { lines(first: $n) { id } }`
    expect(costOf(query, { n: 10 })).toBe(1 + 2 * 11 + 1 + 3 * 11 + 2 * 11 + 11)
  })

  test('stays a number however large it is', () => {
    const query = `{ page(limit: 2147483647) { ${repeat(8, () => 'lines(first: 2147483647) { order {')} id ${'} }'.repeat(8)} } }`
    const deep = federate({ orders: { sdl: ORDERS } }, { limits: { cost: Number.MAX_VALUE, depth: 50 } })
    expect(costOf(query, {}, deep)).toBeGreaterThan(1e80)
    expect(costOf('{ page(limit: 0) { lines(first: 2147483647) { id } } }')).toBe(0)
  })
})

describe('the limit of cost', () => {
  test('is 5,000 objects', () => {
    expect(outcome(federation, '{ page(limit: 5000) { id } }')).toBe('accepted')
    expect(outcome(federation, '{ page(limit: 5001) { id } }')).toBe(
      'OPERATION_LIMIT: The operation may cost 5001, and the limit is 5000: each object counts as often as the lists around it may hold it. Ask for smaller pages.'
    )
  })

  test('meets pages of pages', () => {
    expect(outcome(federation, '{ orders(first: 1000000) { nodes { lines(first: 1000) { id } } } }')).toMatch(
      /^OPERATION_LIMIT: The operation may cost 1001000001/
    )
  })

  test('holds for variables on a warm cache', () => {
    const query = 'query ($n: Int!) { page(limit: $n) { id } }'
    for (const _ of [1, 2]) {
      expect(outcome(federation, { query, variables: { n: 5000 } })).toBe('accepted')
      expect(outcome(federation, { query, variables: { n: 5001 } })).toMatch(/^OPERATION_LIMIT/)
    }
  })

  test('can be set', () => {
    const limits: Partial<Limits> = { cost: 3 }
    const strict = federate({ orders: { sdl: ORDERS } }, { limits })
    expect(outcome(strict, '{ page(limit: 3) { id } }')).toBe('accepted')
    expect(outcome(strict, '{ page(limit: 4) { id } }')).toMatch(/the limit is 3/)
  })
})

const RULES = `
  type Query {
    feed(take: Int, page: Paging): [Item!]! @listSize(slicingArguments: ["take"], assumedSize: 50)
    all: [Item!]! @listSize(assumedSize: 100)
    first(first: Int): [Item!]! @listSize(slicingArguments: ["first"])
    things(n: Int): Things! @listSize(slicingArguments: ["n"], sizedFields: ["items"])
    dear(filter: Filter, at: Int @cost(weight: 7)): Item @cost(weight: 20)
    node: Node
    text: Secret
  }
  input Paging { size: Int from: Int }
  input Filter { text: String @cost(weight: 5) and: [Filter!] }
  type Things { items: [Item!]! others: [Item!]! }
  interface Node { id: ID! items: [Item!]! }
  type Box implements Node { id: ID! items: [Item!]! @listSize(assumedSize: 8) }
  type Item @cost(weight: 3) { id: ID! secret: Secret }
  scalar Secret @cost(weight: 11)`

const link = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", ${names}])\n`
const own: TestSubgraph = { sdl: link('"@cost", "@listSize"') + RULES }
const renamed: TestSubgraph = {
  sdl:
    link('{ name: "@cost", as: "@price" }, { name: "@listSize", as: "@rows" }') +
    RULES.replaceAll('@cost', '@price').replaceAll('@listSize', '@rows')
}
describe.each([
  ['@cost and @listSize', own],
  ['@cost and @listSize under other names', renamed]
])('%s', (_, subgraph) => {
  // Only Apollo's composition knows sizes that stand in input fields.
  const edit = (sdl: string) => sdl.replace('slicingArguments: ["take"]', 'slicingArguments: ["take", "page.size"]')
  const ruled = federate({ items: subgraph }, { limits: { cost: 1e9 }, edit })
  test.each([
    ['the size that is assumed', '{ all { id } }', {}, 300],
    ['the size that is assumed when none is said', '{ feed { id } }', {}, 150],
    ['the argument that says the size', '{ feed(take: 4) { id } }', {}, 12],
    ['the input field that says the size', '{ feed(page: { size: 6 }) { id } }', {}, 18],
    ['the same in a variable', 'query ($p: Paging) { feed(page: $p) { id } }', { p: { size: 6 } }, 18],
    ['the same in a part of one', 'query ($n: Int) { feed(page: { size: $n }) { id } }', { n: 6 }, 18],
    ['a variable that says nothing', 'query ($p: Paging) { feed(page: $p) { id } }', {}, 150],
    ['no other argument', '{ feed(page: { from: 6 }) { id } }', {}, 150],
    ['once when nothing says a size', '{ first { id } }', {}, 3],
    ['the lists that a size is about, and no other', '{ things(n: 4) { items { id } others { id } } }', {}, 1 + 12 + 3],
    ['the weight of a field before its type’s', '{ dear { id } }', {}, 20],
    ['the weight of an argument that is given', '{ dear(at: 1) { id } }', {}, 27],
    [
      'the weight of input fields',
      '{ dear(filter: { text: "x", and: [{ text: "y" }, { text: "z" }] }) { id } }',
      {},
      35
    ],
    ['the same in a variable', 'query ($f: Filter) { dear(filter: $f) { id } }', { f: { and: [{ text: 'y' }] } }, 25],
    ['the weight of a scalar', '{ text }', {}, 11],
    ['the weight of a scalar within a list', '{ feed(take: 2) { secret } }', {}, 2 * (3 + 11)],
    ['what an object says of an interface’s field', '{ node { items { id } } }', {}, 1 + 8 * 3]
  ])('count %s', (_, query, variables, cost) => {
    expect(costOf(query, variables, ruled)).toBe(cost)
  })
})

test('directives of the same names from somewhere else mean nothing', () => {
  const edit = (sdl: string) =>
    `# not https://specs.apollo.dev/cost\n${sdl.replace('https://specs.apollo.dev/cost/', 'https://example.com/cost/')}`
  expect(costOf('{ all { id secret } }', {}, federate({ items: own }, { edit }))).toBe(1)
})
