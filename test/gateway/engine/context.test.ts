import { execute, type GraphQLFieldResolver, parse, printSchema } from 'graphql'
import { federate, overTheWire, paths, type TestSubgraph } from '../../support/federation.ts'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [
  "@key", "@shareable", "@external", "@requires", "@context", "@fromContext", "@interfaceObject"])\n`

type Row = { readonly __typename: string; readonly [field: string]: unknown }

/** A row as one server has it: with the row that it was reached from. */
interface Reached {
  readonly row: Row
  readonly around: Reached | null
}

/** By contextual field: its arguments, each with the types that set its context and what is read of them. */
type FromContext = Readonly<
  Record<string, Readonly<Record<string, readonly [readonly string[], (row: Row) => unknown]>>>
>

const made = (row: Row, args: object) => `${row['id']} ${JSON.stringify(args, Object.keys(args).sort())}`

/** Subgraphs over the same rows; a field that has a maker is made of its arguments. */
function subgraph(sdl: string, rows: readonly Row[], fields: readonly string[] = []): TestSubgraph {
  const resolvers: Record<string, Record<string, unknown>> = {}
  for (const [, name = ''] of sdl.matchAll(/\b(?:type|interface) (\w+)[^{]*@key/g)) {
    if (sdl.includes(`interface ${name}`)) continue
    resolvers[name] = { __resolveReference: ({ id }: Row) => rows.find(row => row['id'] === id) ?? null }
  }
  for (const field of fields) {
    const [type = '', name = ''] = field.split('.')
    resolvers[type] = { ...resolvers[type], [name]: made }
  }
  const root = {
    ...rows.find(row => row.__typename === 'Query'),
    rename: ({ id }: Row) => rows.find(row => row['id'] === id)
  }
  return { sdl: LINK + sdl, root, resolvers: resolvers as never }
}

/** As one server would answer that has everything. */
function onOneServer(
  schema: Parameters<typeof execute>[0]['schema'],
  query: string,
  root: Row,
  fromContext: FromContext,
  variables: Readonly<Record<string, unknown>>
) {
  const fieldResolver: GraphQLFieldResolver<Reached, unknown> = (source, args, _context, info) => {
    const told = fromContext[`${info.parentType.name}.${info.fieldName}`]
    if (told) {
      const given: Record<string, unknown> = { ...args }
      for (const [argument, [types, read]] of Object.entries(told)) {
        let around = source.around
        while (around && !types.includes(around.row.__typename)) around = around.around
        given[argument] = around ? (read(around.row) ?? null) : null
      }
      return made(source.row, given)
    }
    const wrap = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(wrap)
      return typeof value === 'object' && value !== null ? { row: value, around: source } : value
    }
    return wrap(source.row[info.fieldName])
  }
  return execute({
    schema,
    document: parse(query),
    rootValue: { row: root, around: null },
    variableValues: variables,
    fieldResolver: fieldResolver as never,
    typeResolver: value => (value as Reached).row.__typename
  })
}

function graph(parts: Readonly<Record<string, TestSubgraph>>, root: Row, fromContext: FromContext) {
  const federation = federate(parts)
  return Object.assign(federation, {
    async compare(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      const expected = await onOneServer(federation.view.schema, query, root, fromContext, variables)
      expect(expected.errors).toBeUndefined()
      const actual = await federation.run(query, variables)
      expect({ query, ...overTheWire(actual) }).toEqual({ query, ...overTheWire(expected) })
      return federation.calls.splice(0)
    }
  })
}

const SALES = `
  type Query { users: [User]  user: User!  shops: [Shop!]! }
  type Mutation { rename(id: ID!): User }
  type User @key(fields: "id") @context(name: "buyer") {
    id: ID!  currency: Currency @external  tags: [String] @external  nick: String @external
    last: Sale!  sales: [[Sale]]
  }
  type Currency { code: String @external }
  type Shop @key(fields: "id") @context(name: "buyer") {
    id: ID!  currency: Currency @external  tags: [String] @external  nick: String @external
    users: [User!]!  last: Sale!
  }
  type Sale @key(fields: "id") {
    id: ID!  total: Int
    inCurrency(code: String @fromContext(field: "$buyer { currency { code } }"), round: Boolean = false): String!
    tagged(tags: [String] @fromContext(field: "$buyer { tags }")): String
    named(nick: String @fromContext(field: "$buyer ... on User { nick } ... on Shop { nick }")): String
    both(
      tags: [String] @fromContext(field: "$buyer { tags }")
      code: String @fromContext(field: "$buyer { currency { code } }")
    ): String
    part: Part
  }
  type Part @key(fields: "id") { id: ID!  size(nick: String @fromContext(field: "$buyer { nick }")): String }`
const PEOPLE = `
  type Query { people: [User] }
  type User @key(fields: "id") { id: ID!  currency: Currency  tags: [String]  nick: String }
  type Shop @key(fields: "id") { id: ID!  currency: Currency  tags: [String]  nick: String }
  type Currency { code: String }
  type Sale @key(fields: "id") { id: ID!  note: String }`

const currency = (code: string | null): Row => ({ __typename: 'Currency', code })
const part: Row = { __typename: 'Part', id: 'p1' }
const sales: Row[] = [1, 2, 3].map(n => ({ __typename: 'Sale', id: `sale ${n}`, total: n, note: `note ${n}`, part }))
const user = (id: string, more: object): Row => ({ __typename: 'User', id, last: sales[0], sales: [sales], ...more })
const users: Row[] = [
  user('ada', { currency: currency('EUR'), tags: ['a', null], nick: 'Ada' }),
  user('bob', { currency: currency('USD'), tags: null, nick: 'Bob', sales: [[sales[2], null], null, [sales[0]]] }),
  user('cy', { currency: null, tags: [], nick: null, sales: null }),
  user('dee', { currency: currency(null), tags: ['a', null], nick: 'Dee', last: sales[1] }),
  user('eve', { currency: currency('EUR'), tags: ['e'], nick: 'Eve' })
]
const shops: Row[] = [
  { __typename: 'Shop', id: 'x', currency: currency('GBP'), tags: ['x'], nick: 'X', users, last: sales[0] },
  { __typename: 'Shop', id: 'y', currency: null, tags: null, nick: null, users: users.slice(0, 1), last: sales[1] }
]
const ROOT: Row = { __typename: 'Query', users: [...users, null], people: users, user: users[0], shops }
const ROWS = [ROOT, part, ...sales, ...users, ...shops]
const BUYERS = ['User', 'Shop']
const code = ({ currency }: Row) => (currency as Row | null)?.['code']
const FROM_BUYER: FromContext = {
  'Sale.inCurrency': { code: [BUYERS, code] },
  'Sale.tagged': { tags: [BUYERS, row => row['tags']] },
  'Sale.named': { nick: [BUYERS, row => row['nick']] },
  'Sale.both': { tags: [BUYERS, row => row['tags']], code: [BUYERS, code] },
  'Part.size': { nick: [BUYERS, row => row['nick']] }
}

const shop = () =>
  graph({ sales: subgraph(SALES, ROWS, Object.keys(FROM_BUYER)), people: subgraph(PEOPLE, ROWS) }, ROOT, FROM_BUYER)

test.each([
  ['of one object', '{ user { last { inCurrency } } }'],
  ['of every object of a list', '{ users { id last { id inCurrency } } }'],
  ['beside other fields', '{ users { last { total note inCurrency part { id } } } }'],
  ['that is a list', '{ users { last { tagged } } }'],
  ['by the type that sets it', '{ shops { last { named } users { last { named } } } }'],
  ['of several, in one field', '{ users { last { both inCurrency tagged } } }'],
  ['in lists of lists', '{ users { sales { id inCurrency } } }'],
  ['of the nearest object', '{ shops { last { inCurrency tagged } users { last { inCurrency } sales { named } } } }'],
  ['further below', '{ users { last { part { id size } } } shops { last { part { size } } } }'],
  [
    'under aliases',
    '{ a: users { b: last { c: inCurrency inCurrency } } u: user { l: last { i: inCurrency } last { id } } }'
  ],
  [
    'with arguments of the client',
    '{ user { last { a: inCurrency(round: true) b: inCurrency c: inCurrency(round: false) } } }'
  ],
  [
    'through fragments',
    '{ users { ...U } } fragment U on User { ... on User { last { ...S } } } fragment S on Sale { inCurrency ... { both } }'
  ],
  ['that other subgraphs lead to', '{ people { nick last { inCurrency } } }'],
  ['that the client asks for, too', '{ users { currency { code } tags last { inCurrency tagged } } }']
])('a field is told a value %s', async (_, query) => {
  await shop().compare(query)
})

test('rows that are told the same are asked for once, and all combinations in one request', async () => {
  const calls = await shop().compare('{ users { last { inCurrency } } }')
  const made = calls.filter(({ text }) => text.includes('inCurrency'))
  expect(made).toHaveLength(1)
  expect(made[0]?.variables).toMatchObject({
    representations_0: [{ __typename: 'Sale', id: 'sale 1' }],
    contextualArgument_0_0: 'EUR',
    contextualArgument_0_1: 'USD',
    contextualArgument_0_2: null
  })
})

test('one combination needs no aliases', async () => {
  const calls = await shop().compare('{ user { last { inCurrency } } }')
  expect(calls.at(-1)).toMatchObject({
    text: 'query($representations:[_Any!]!$contextualArgument_0:String){_entities(representations:$representations){...on Sale{inCurrency(code:$contextualArgument_0)}}}',
    variables: { contextualArgument_0: 'EUR' }
  })
})

test('variables of the client stay its own', async () => {
  const query = 'query ($contextualArgument_0: Boolean) { user { last { inCurrency(round: $contextualArgument_0) } } }'
  await shop().compare(query, { contextualArgument_0: true })
})

test('very many combinations take several requests', async () => {
  const many = Array.from({ length: 150 }, (_, i) =>
    user(`u${i}`, { currency: currency(`C${i}`), tags: [], nick: `${i}`, last: sales[i % 3] })
  )
  const root = { ...ROOT, users: many }
  const rows = [root, ...many, ...sales]
  const { compare } = graph(
    { sales: subgraph(SALES, rows, Object.keys(FROM_BUYER)), people: subgraph(PEOPLE, rows) },
    root,
    FROM_BUYER
  )
  const calls = await compare('{ users { id last { inCurrency } } }')
  expect(calls.filter(({ text }) => text.includes('inCurrency'))).toHaveLength(3)
})

test('clients do not see the argument, nor what it is made with', async () => {
  const { view, run } = shop()
  const sdl = printSchema(view.schema)
  expect(sdl).toContain('inCurrency(round: Boolean = false): String!')
  expect(sdl).not.toMatch(/context/i)
  await expect(async () => run('{ user { last { inCurrency(code: "x") } } }')).rejects.toThrow()
})

test('a value that failed to come fails what is told it, and nothing else', async () => {
  const federation = shop()
  federation.intercept = (name, { operation }) => {
    if (name !== 'people' || !operation.text.includes('currency')) return undefined
    return {
      data: { _entities: [{ tags: null, _r0_currency: { code: 'EUR' } }] },
      errors: [{ message: 'no', path: ['_entities', 0, 'tags'], extensions: { code: 'NOT_FOUND' } }]
    }
  }
  const result = await federation.run('{ user { id last { total tagged both inCurrency } } }')
  expect(paths(result)).toEqual(['user.last.both', 'user.last.tagged'])
  const inCurrency = 'sale 1 {"code":"EUR","round":false}'
  expect(result.data).toEqual({ user: { id: 'ada', last: { total: 1, tagged: null, both: null, inCurrency } } })
})

test('the payload of a mutation tells it, too', async () => {
  const { run, calls } = shop()
  const result = await run(
    'mutation { rename(id: "ada") { last { inCurrency } } other: rename(id: "bob") { last { both } } }'
  )
  expect(result.errors).toBeUndefined()
  expect(result.data).toEqual({
    rename: { last: { inCurrency: 'sale 1 {"code":"EUR","round":false}' } },
    other: { last: { both: 'sale 1 {"code":"USD","tags":null}' } }
  })
  expect(calls.filter(({ text }) => text.startsWith('mutation'))).toHaveLength(2)
})

const MANY = `
  type Query @context(name: "asker") {
    locale: String  things: [Thing]  named: [Named]  outer: Outer  mixed: [Either]
  }
  union Thing @context(name: "thing") = A | B
  interface Named @context(name: "named") { id: ID!  label: String  leaf: Leaf }
  interface Either { leaf: Leaf }
  type A implements Named & Either @key(fields: "id") { id: ID!  label: String  a: String  leaf: Leaf }
  type B implements Named & Either @key(fields: "id") { id: ID!  label: String  b: String  leaf: Leaf  inner: A }
  type Outer @key(fields: "id") @context(name: "near") { id: ID!  mark: String  inner: Inner  near: Near }
  type Inner @key(fields: "id") @context(name: "near") { id: ID!  mark: String  near: Near  outer: Outer }
  type Leaf @key(fields: "id") {
    id: ID!
    here(locale: String @fromContext(field: "$asker { locale }")): String
    ofThing(x: String @fromContext(field: "$thing ... on A { a } ... on B { b }")): String
    ofNamed(label: String @fromContext(field: "$named { label }")): String
    more: String
  }
  type Near @key(fields: "id") {
    id: ID!
    here(locale: String @fromContext(field: "$asker { locale }")): String
    ofNear(mark: String @fromContext(field: "$near { mark }")): String
  }`
const ELSEWHERE = `
  type Query { far: String }
  type Leaf @key(fields: "id") { id: ID!  far: String  leaf: Leaf }`

const leaf: Row = { __typename: 'Leaf', id: 'leaf', more: 'more', far: 'far' }
const twig: Row = { __typename: 'Leaf', id: 'twig', more: 'twigs', far: 'farther', leaf }
const near: Row = { __typename: 'Near', id: 'near' }
const a1: Row = { __typename: 'A', id: 'a1', label: 'first', a: 'A1', leaf }
const a2: Row = { __typename: 'A', id: 'a2', label: null, a: 'A2', leaf: null }
const b1: Row = { __typename: 'B', id: 'b1', label: 'third', b: 'B1', leaf: twig, inner: a1 }
const b2: Row = { __typename: 'B', id: 'b2', label: 'first', b: null, leaf: twig, inner: a2 }
const outer: { [field: string]: unknown; __typename: string } = { __typename: 'Outer', id: 'o', mark: 'outer', near }
outer['inner'] = { __typename: 'Inner', id: 'i', mark: 'inner', near, outer }
const all = [a1, b1, null, a2, b2]
const FOREST: Row = { __typename: 'Query', locale: 'de', things: all, named: all, mixed: all, outer }
const FROM_FOREST: FromContext = {
  'Leaf.here': { locale: [['Query'], row => row['locale']] },
  'Leaf.ofThing': { x: [['A', 'B'], row => row['a'] ?? row['b']] },
  'Leaf.ofNamed': { label: [['A', 'B'], row => row['label']] },
  'Near.here': { locale: [['Query'], row => row['locale']] },
  'Near.ofNear': { mark: [['Outer', 'Inner'], row => row['mark']] }
}

test.each([
  ['the root', '{ outer { near { here } } named { leaf { here id } } locale }'],
  ['a member of a union', '{ things { ... on A { leaf { ofThing } } ... on B { leaf { id ofThing more } } } }'],
  ['an interface', '{ named { leaf { ofNamed } } }'],
  ['an interface and its types', '{ named { label leaf { ofNamed } ... on B { inner { leaf { ofNamed } } } } }'],
  ['an interface that sets nothing, by its types', '{ mixed { leaf { ofNamed ofThing } } }'],
  ['the nearest', '{ outer { near { ofNear } inner { near { ofNear here } outer { near { ofNear } } } } }'],
  ['several contexts', '{ mixed { ... on B { leaf { ofNamed here } inner { leaf { here ofThing ofNamed } } } } }'],
  ['one of two that lead to one row', '{ things { ... on B { leaf { far leaf { ofThing } } } } }'],
  ['rows that lead further', '{ named { leaf { far leaf { ofNamed here far } ofNamed } } }']
])('a context is set by %s', async (_, query) => {
  const rows = [FOREST, leaf, twig, near, a1, a2, b1, b2, outer as Row, outer['inner'] as Row]
  const { compare } = graph(
    { forest: subgraph(MANY, rows, Object.keys(FROM_FOREST)), far: subgraph(ELSEWHERE, rows) },
    FOREST,
    FROM_FOREST
  )
  await compare(query)
})
