import { execute, parse } from 'graphql'
import { federate, overTheWire } from '../../support/federation.ts'
import { ROOT, SHOP } from '../../support/shop.ts'

const federation = federate(SHOP)

/** graphql-js over one server with everything. */
async function oracle(query: string, variables?: Readonly<Record<string, unknown>>) {
  const { schema } = federation.view
  const result = await execute({ schema, document: parse(query), rootValue: ROOT, variableValues: variables })
  return overTheWire(result)
}

async function expectSame(query: string, variables?: Readonly<Record<string, unknown>>) {
  const expected = await oracle(query, variables)
  expect(expected.errors).toBeUndefined()
  const actual = await federation.run(query, variables)
  expect(actual.errors).toBeUndefined()
  expect(overTheWire(actual.data)).toEqual(expected.data)
}

describe('answers as one server would', () => {
  test.each([
    ['a field', '{ me { name } }'],
    ['nothing but the root type', '{ __typename a: __typename }'],
    ['another root', '{ me { name } products { title } topReviews(first: 2) { stars } }'],
    [
      'entities over several hops',
      '{ me { reviews { product { title reviews { author { name bestFriend { name } } } } } } }'
    ],
    ['requirements of another subgraph', '{ products { shipping e: shipping(express: true) boxes stock } }'],
    ['an entity that lacks a requirement', '{ product(id: "p3") { title shipping } }'],
    [
      'aliases of one field with different arguments',
      '{ a: user(id: "u1") { x: reviews(first: 1) { id } y: reviews(first: 2) { id } } b: user(id: "u2") { name } }'
    ],
    ['an alias that is the name of a key', '{ me { id: name nick realId: id } }'],
    [
      'an alias that is the name of a requirement',
      '{ products { price: title weight: title dimensions: title shipping boxes } }'
    ],
    [
      'an alias that takes the type name',
      '{ search(q: "x") { __typename: __typename ... on User { nick } } node(id: "p1") { __typename ... on Product { t: title } } }'
    ],
    [
      'a field called like the type name',
      '{ search(q: "x") { ... on User { __typename: name nick } ... on Product { __typename: title stock } } }'
    ],
    ['aliases that the router uses itself', '{ me { __met: name _internal_qp_alias_0: nick _0_name: id } }'],
    [
      'fragments in fragments',
      '{ me { ...A } } fragment A on User { ...B friend { ...B } } fragment B on User { name nick reviews { ...C } } fragment C on Review { stars product { title } }'
    ],
    [
      'fragments on an interface',
      '{ me { ...N } node(id: "p2") { ...N } } fragment N on Node { id __typename ... on User { nick } ... on Product { title } }'
    ],
    ['a union', '{ search(q: "x") { __typename ... on User { name nick } ... on Product { title shipping } } }'],
    [
      'one alias of different types',
      '{ search(q: "x") { ... on User { t: name } ... on Product { t: tags } } }'.replace('t: tags', 't: title')
    ],
    ['an interface without fragments', '{ node(id: "u1") { id } other: node(id: "nobody") { id } }'],
    ['an interface object', '{ media { title rating by { name nick } ... on Book { pages rating } } }'],
    ['an interface object at the root', '{ ranking { rating title __typename ... on Film { minutes } } }'],
    ['an interface object whose type nobody asks', '{ ranking { rating } }'],
    ['lists in lists', '{ matrix { name reviews { stars } bestFriend { name } } products { grid tags } }'],
    [
      'values in values',
      '{ users(first: 4) { address { street city { name zip } } } products { sku { code region } } }'
    ],
    ['an empty list', '{ search(q: "none") { ... on User { nick } } }'],
    ['an entity that is null', '{ user(id: "u2") { bestFriend { name nick } } nobody: user(id: "u99") { nick } }'],
    [
      'the same entity in many places',
      '{ users(first: 4) { bestFriend { n: name } friend { bestFriend { n: nick } } } me { friend { bestFriend { n: visits } } } }'
    ],
    [
      'fields that are named twice',
      '{ me { friend { name } friend { nick } ... on User { friend { id } } reviews { stars } reviews { author { nick } } } }'
    ]
  ])('%s', (_, query) => expectSame(query))

  test('variables, with defaults, nulls and input objects', async () => {
    const query = `query ($first: Int = 2, $word: String! = "Hi", $loud: Boolean, $filter: Filter, $missing: Int) {
      users(first: $first) { greeting(word: $word, loud: $loud) reviews(first: $missing) { id } } echo(input: $filter)
    }`
    await expectSame(query)
    await expectSame(query, { first: null })
    await expectSame(query, {
      first: 1,
      word: 'Hey',
      loud: true,
      filter: { min: 3, colors: ['RED'], inner: { text: null } }
    })
    await expectSame(query, { missing: 1 })
  })

  test('variables with the names of the planner’s own', async () => {
    const query = `query ($representations: Int, $__batch_reps_0: Int, $__proto__: Int, $constructor: Int) {
      me { a: reviews(first: $representations) { id } b: reviews(first: $__batch_reps_0) { id }
           c: reviews(first: $__proto__) { id } d: reviews(first: $constructor) { id } }
    }`
    await expectSame(query, { representations: 1, __batch_reps_0: 2 })
    await expectSame(query, JSON.parse('{"constructor":1}'))
    // graphql-js itself loses a variable of this name; the answer is that of `first: 1`.
    const { data } = await federation.run(query, JSON.parse('{"__proto__":1}'))
    expect(overTheWire(data)).toEqual({ me: expect.objectContaining({ a: [{ id: 'r4' }], c: [{ id: 'r4' }] }) })
  })

  test('skip and include, alternating on a warm cache', async () => {
    const query = `query ($yes: Boolean!, $no: Boolean!) {
      me @include(if: $yes) { name nick @skip(if: $no) ...R @include(if: $no) ... @skip(if: $yes) { visits bestFriend { name } } }
      users { ... on User @include(if: $yes) { nick } friend { name @skip(if: $no) nick @include(if: $yes) @skip(if: $no) } name @include(if: false) id @skip(if: false) }
      topReviews @skip(if: $yes) { author { name @include(if: $no) } stars }
    } fragment R on User { reviews { stars product { title @skip(if: $no) } } }`
    for (let round = 0; round < 2; round++) {
      for (const yes of [true, false]) for (const no of [false, true]) await expectSame(query, { yes, no })
    }
  })

  test('what is not included is not fetched', async () => {
    federation.calls.length = 0
    await federation.run('query ($a: Boolean!) { me { name nick @include(if: $a) } }', { a: false })
    expect(federation.calls.map(call => call.subgraph)).not.toContain('reviews')
  })

  test('one of several operations', async () => {
    const { engine, view } = federation
    const query = 'query A { me { name } } query B { me { nick ...F } } fragment F on User { id }'
    const who = {
      consumer: { id: 'x', kind: 'operator', party: 'o', company: 'c', claims: {} },
      view,
      language: 'en',
      readAfter: null
    } as const
    for (const [operationName, me] of [
      ['A', { name: 'User 1' }],
      ['B', { nick: 'nick1', id: 'u1' }],
      ['A', { name: 'User 1' }]
    ] as const) {
      const { data } = await engine.execute(engine.prepare({ query, operationName }, who), who)
      expect(overTheWire(data)).toEqual({ me })
    }
  })

  test('equal entities are asked for once', async () => {
    federation.calls.length = 0
    await federation.run('{ topReviews { author { name } } }')
    const entities = federation.calls.find(call => call.text.includes('_entities'))
    expect(entities?.variables['representations']).toHaveLength(4)
  })
})
