import { parse, printSchema, validate } from 'graphql'
import { type FromContext, graph, type Row, subgraph } from '../../support/contextual.ts'
import { caller, type FederationOptions, paths } from '../../support/federation.ts'
import { randomQuery } from '../../support/random-query.ts'

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
    gift(nick: String @fromContext(field: "$buyer { nick }"), wrapped: Boolean): Gift
    gifts(nick: String @fromContext(field: "$buyer { nick }")): [Gift]
  }
  type Gift @key(fields: "id") @context(name: "gift") {
    id: ID!  card: String @external  part: Part  note: Note
  }
  type Note @key(fields: "id") {
    id: ID!
    text(card: String @fromContext(field: "$gift { card }"), nick: String @fromContext(field: "$buyer { nick }")): String
  }
  type Part @key(fields: "id") { id: ID!  size(nick: String @fromContext(field: "$buyer { nick }")): String }`
const PEOPLE = `
  type Query { people: [User] }
  type User @key(fields: "id") { id: ID!  currency: Currency  tags: [String]  nick: String }
  type Shop @key(fields: "id") { id: ID!  currency: Currency  tags: [String]  nick: String }
  type Currency { code: String }
  type Sale @key(fields: "id") { id: ID!  note: String }
  type Gift @key(fields: "id") { id: ID!  card: String }`

const currency = (code: string | null): Row => ({ __typename: 'Currency', code })
const part: Row = { __typename: 'Part', id: 'p1' }
const note: Row = { __typename: 'Note', id: 'n1' }
const gifts: Row[] = ['Ada', 'Bob', 'X'].map(nick => ({
  __typename: 'Gift',
  id: `for ${nick}`,
  card: `Dear ${nick}`,
  part,
  note
}))
const giftFor = ({ nick }: { readonly nick?: unknown }) => gifts.find(({ id }) => id === `for ${nick}`) ?? null
const sales: Row[] = [1, 2, 3].map(n => ({
  __typename: 'Sale',
  id: `sale ${n}`,
  total: n,
  note: `note ${n}`,
  part,
  gift: giftFor,
  gifts: (told: object) => [giftFor(told), null, gifts[n % 3]]
}))
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
const ROWS = [ROOT, part, note, ...gifts, ...sales, ...users, ...shops]
const BUYERS = ['User', 'Shop']
const code = ({ currency }: Row) => (currency as Row | null)?.['code']
const FROM_BUYER: FromContext = {
  'Sale.inCurrency': { code: [BUYERS, code] },
  'Sale.tagged': { tags: [BUYERS, row => row['tags']] },
  'Sale.named': { nick: [BUYERS, row => row['nick']] },
  'Sale.both': { tags: [BUYERS, row => row['tags']], code: [BUYERS, code] },
  'Sale.gift': { nick: [BUYERS, row => row['nick']] },
  'Sale.gifts': { nick: [BUYERS, row => row['nick']] },
  'Note.text': { card: [['Gift'], row => row['card']], nick: [BUYERS, row => row['nick']] },
  'Part.size': { nick: [BUYERS, row => row['nick']] }
}

const shop = (options: FederationOptions = {}) =>
  graph(
    { sales: subgraph(SALES, ROWS, Object.keys(FROM_BUYER)), people: subgraph(PEOPLE, ROWS) },
    ROOT,
    FROM_BUYER,
    options
  )

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
  [
    'that leads to others, which are told more',
    '{ users { last { gift(wrapped: true) { id card note { text } part { size } } gifts { note { id text } } } } }'
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

test('a large operation is planned alike, in a thread of its own', async () => {
  const { compare } = shop({ limits: { aliases: 1000, tokens: 10_000 } })
  const lasts = Array.from({ length: 60 }, (_, i) => `a${i}: last { id part { id } }`)
  await compare(`{ user { ${lasts.join(' ')} last { both part { size } } } users { last { inCurrency } } }`)
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

test('each event of a subscription tells it, too', async () => {
  const sdl = SALES.replace('type Mutation', 'type Subscription { joined: User }  type Mutation')
  const { engine, view } = graph(
    { sales: subgraph(sdl, ROWS, Object.keys(FROM_BUYER)), people: subgraph(PEOPLE, ROWS) },
    ROOT,
    FROM_BUYER
  )
  const who = caller({ view })
  const prepared = engine.prepare({ query: 'subscription { joined { id last { inCurrency } } }' }, who)
  for (const [id, code] of [
    ['ada', 'EUR'],
    ['bob', 'USD']
  ] as const) {
    const response = { data: { joined: { __typename: 'User', id, last: { __typename: 'Sale', id: 'sale 1' } } } }
    const result = await engine.deliver(prepared, who, { response })
    expect(result.toJSON()).toMatchObject({
      data: { joined: { id, last: { inCurrency: `sale 1 {"code":"${code}","round":false}` } } }
    })
  }
})

test('random queries are answered as one server would answer them', async () => {
  const federation = shop()
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
