import { parse, validate } from 'graphql'
import { type FromContext, graph, type Row, subgraph } from '../../support/contextual.ts'
import { randomQuery } from '../../support/random-query.ts'

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

const forest = () => {
  const rows = [FOREST, leaf, twig, near, a1, a2, b1, b2, outer as Row, outer['inner'] as Row]
  return graph(
    { forest: subgraph(MANY, rows, Object.keys(FROM_FOREST)), far: subgraph(ELSEWHERE, rows) },
    FOREST,
    FROM_FOREST
  )
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
  await forest().compare(query)
})

test('random queries are answered as one server would answer them', async () => {
  const federation = forest()
  const { schema } = federation.view
  let answered = 0
  for (let seed = 0; seed < 40; seed++) {
    const { query, variables } = randomQuery(schema, seed)
    if (validate(schema, parse(query)).length > 0) continue
    await federation.compare(query, variables)
    answered++
  }
  expect(answered).toBeGreaterThan(20)
})

test('a field of an interface object is told a value', async () => {
  const fromContext: FromContext = {
    'Book.price': { rank: [['Shelf'], row => row['rank']] },
    'Film.price': { rank: [['Shelf'], row => row['rank']] }
  }
  const media: Row[] = [
    { __typename: 'Book', id: 'b', pages: 3, score: 1 },
    { __typename: 'Film', id: 'f', score: 2 }
  ]
  const shelves = [7, 8].map((rank): Row => ({ __typename: 'Shelf', id: `s${rank}`, rank, media }))
  const root: Row = { __typename: 'Query', shelves }
  const rows = [root, ...media, ...shelves]
  const home = subgraph(
    `type Query { home: Int }
     interface Media @key(fields: "id") { id: ID!  score: Int }
     type Book implements Media @key(fields: "id") { id: ID!  score: Int  pages: Int }
     type Film implements Media @key(fields: "id") { id: ID!  score: Int }`,
    rows
  )
  const shop = subgraph(
    `type Query { shelves: [Shelf] }
     type Shelf @key(fields: "id") @context(name: "shelf") { id: ID!  rank: Int  media: [Media] }
     type Media @interfaceObject @key(fields: "id") {
       id: ID!  price(rank: Int @fromContext(field: "$shelf { rank }")): String
     }`,
    rows,
    ['Media.price']
  )
  const argument = '{ context: "shop__shelf", name: "rank", type: "Int", selection: "{ rank }" }'
  // The composition in use here forgets the argument.
  const edit = (sdl: string) =>
    sdl.replace(
      'price: String @join__field(graph: SHOP)',
      field => `${field.slice(0, -1)}, contextArguments: [${argument}])`
    )
  const { compare } = graph({ home, shop }, root, fromContext, { edit })
  await compare('{ shelves { media { id price } } }')
  await compare('{ shelves { rank media { __typename id price score ... on Book { pages p: price } } } }')
})

test('another version of the spec is refused', () => {
  const parts = { forest: subgraph(MANY, [], Object.keys(FROM_FOREST)), far: subgraph(ELSEWHERE, []) }
  const edit = (sdl: string) => sdl.replace('context/v0.1', 'context/v0.2')
  expect(() => graph(parts, FOREST, FROM_FOREST, { edit })).toThrow('context/v0.2, which this router does not enforce')
})

test('a type name is no value', () => {
  const sdl = `
    type Query @context(name: "asker") { leaf: Leaf }
    type Leaf @key(fields: "id") { id: ID!  here(x: String @fromContext(field: "$asker { __typename }")): String }`
  expect(() => graph({ one: subgraph(sdl, []), two: subgraph(ELSEWHERE, []) }, FOREST, {})).toThrow('__typename')
})
