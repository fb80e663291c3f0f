import { codes, startWorld, type World } from './world.ts'

let world: World
let ruled: World
beforeAll(async () => {
  world = await startWorld({ settings: 'transport: { batch: 5 }' })
  ruled = await startWorld({ ruled: true })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await ruled[Symbol.asyncDispose]()
})

const SCHEMA = '{ __schema { types { name } } }'

describe('whoever has no token', () => {
  test.each([
    ['introspection', SCHEMA],
    ['introspection beside data', '{ __schema { types { name } } order(id: "1") { id } }'],
    ['introspection in a fragment', '{ ...F } fragment F on Query { __type(name: "Order") { name } }'],
    ['a type name', '{ __typename }'],
    ['what is not GraphQL', '{']
  ])('is not told anything where a token is needed: %s, on any way in (A48, A74)', async (_, query) => {
    world.asked.length = 0
    for (const answer of [await world.post({ query }), await world.get({ query }), await world.post([{ query }])]) {
      expect([answer.status, codes(answer.body)]).toEqual([401, ['UNAUTHENTICATED']])
    }
    const events = await world.post({ query }, { accept: 'text/event-stream' })
    expect([events.status, codes(events.body)]).toEqual([401, ['UNAUTHENTICATED']])
    expect((await world.overSocket({ query })).type).toBe('4401')
    expect(world.asked).toEqual([])
  })

  test('may introspect where the graph’s rules say what it sees, and gets no denied data along with it (A48)', async () => {
    ruled.asked.length = 0
    const { body } = await ruled.post({ query: '{ __type(name: "Order") { name } order(id: "1") { id margin } }' })
    expect(body).toMatchObject({ data: { __type: { name: 'Order' }, order: { margin: null } } })
    expect(codes(body)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE'])
    expect(JSON.stringify(ruled.asked)).not.toContain('margin')
  })
})

describe('what a subgraph has for its router alone', () => {
  test.each([
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "Order", id: "1" }]) { ... on Order { margin } } }',
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }'
  ])('is not there for a client, on any way in: %s (A40)', async query => {
    world.asked.length = 0
    const authorization = `Bearer ${await world.token(true)}`
    const variables = { r: [{ __typename: 'Order', id: '1' }] }
    const asked = { query, ...(query.includes('$r') && { variables }) }
    const answer = await world.post(asked, { authorization })
    expect(answer.status).toBe(400)
    expect(new Set(codes(answer.body))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']))
    const { type, payload } = await world.overSocket(asked, { authorization })
    expect([type, codes({ errors: payload })[0]]).toEqual(['error', 'GRAPHQL_VALIDATION_FAILED'])
    const [entry] = (await world.post([asked], { authorization })).body as unknown[]
    expect(codes(entry)[0]).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(world.asked).toEqual([])
  })
})

describe('what a client says of itself', () => {
  const CLAIMS = { sub: 'admin', policies: ['finance'], scope: 'finance' }
  const extensions = {
    jwt: { payload: CLAIMS },
    principal: CLAIMS,
    access: { party: 'operator' },
    headers: { 'x-user': 'admin' }
  }

  test('makes it nobody else, and reaches no subgraph (A51, A52)', async () => {
    ruled.asked.length = 0
    const query = 'query Q($x: ID!) { order(id: $x) { margin text @skip(if: false) } hello @include(if: true) }'
    const headers = {
      authorization: `Bearer ${await ruled.token()}`,
      'x-user': 'admin',
      'x-forwarded-user': 'admin',
      'oaas-access': '{}',
      'oaas-signature': 'x',
      cookie: 'session=1'
    }
    const { body } = await ruled.post(
      { query, operationName: 'Q', variables: { x: '1' }, extensions, ...CLAIMS },
      headers
    )
    expect(body).toMatchObject({ data: { order: { margin: null, text: 'text of 1' } } })
    expect(ruled.asked.length).toBeGreaterThan(0)
    for (const { headers: sent, body: asked } of ruled.asked) {
      expect(Object.keys(asked).filter(key => key !== 'query' && key !== 'variables')).toEqual([])
      expect(JSON.stringify([sent, asked])).not.toMatch(/admin|finance|session|margin/)
      expect(Object.keys(sent).filter(name => /^(oaas|x-(?!request-id)|authorization|cookie)/.test(name))).toEqual([])
    }
  })

  test('makes a socket nobody else’s (A51, A53)', async () => {
    const authorization = `Bearer ${await ruled.token()}`
    const other = `Bearer ${await ruled.token(true)}`
    const query = '{ order(id: "1") { id margin } }'
    const asked = await ruled.overSocket({ query, extensions }, { authorization, ...CLAIMS, 'x-user': 'admin' })
    expect(asked).toMatchObject({ type: 'next', payload: { data: { order: { margin: null } } } })
    const swapped = { query, extensions: { headers: { Authorization: other } } }
    expect((await ruled.overSocket(swapped, { authorization })).type).toBe('4403')
  })

  test.each<[string, Record<string, string>, object]>([
    ['Apollo’s headers', { 'apollo-query-plan-experimental': 'true', 'apollo-expose-query-plan': 'true' }, {}],
    ['Cosmo’s header', { 'x-wg-trace': 'true', 'x-wg-include-query-plan': 'true' }, {}],
    ['a tracing header', { 'apollo-federation-include-trace': 'ftv1' }, {}],
    ['our extension', {}, { plan: true, queryPlan: true, trace: true, tracing: true }]
  ])('shows it no plan and no trace: %s (A80)', async (_, headers, asked) => {
    const authorization = `Bearer ${await ruled.token(true)}`
    const query = '{ order(id: "1") { id } }'
    const { text } = await ruled.post({ query, extensions: asked }, { authorization, ...headers })
    expect(JSON.parse(text)).toEqual({ data: { order: { id: '1' } } })
    const byGet = await ruled.get(
      { query, explain: 'true', extensions: JSON.stringify(asked) },
      { authorization, ...headers }
    )
    expect(JSON.parse(byGet.text)).toEqual({ data: { order: { id: '1' } } })
    for (const path of ['/debug', '/debug/pprof', '/__trace', '/graphql/plan', '/?explain'])
      expect((await fetch(new URL(path, ruled.url))).status).toBe(404)
  })
})

test('one entry of a batch has nothing of another: allowed, denied, allowed (A81)', async () => {
  await using both = await startWorld({ ruled: true, settings: 'transport: { batch: 5 }' })
  const authorization = `Bearer ${await both.token()}`
  const entries = [
    '{ order(id: "1") { id } }',
    '{ order(id: "1") { id margin } }',
    '{ nothing }',
    '{ order(id: "2") { id } }'
  ]
  const { status, body } = await both.post(
    entries.map(query => ({ query })),
    { authorization }
  )
  expect(status).toBe(200)
  const answers = body as { data?: unknown }[]
  expect(answers.map(({ data }) => data)).toEqual([
    { order: { id: '1' } },
    { order: { id: '1', margin: null } },
    undefined,
    { order: { id: '2' } }
  ])
  expect(answers.map(codes)).toEqual([[], ['UNAUTHORIZED_FIELD_OR_TYPE'], ['GRAPHQL_VALIDATION_FAILED'], []])
})
