import { codes, type Said, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ ruled: true })
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.says = null
})

const asFinance = async () => ({ authorization: `Bearer ${await world.token(true)}` })

describe('a mistake', () => {
  test.each([
    ['a field', '{ order(id: "1") { statu margi tex } }', {}],
    ['a root field', '{ orde }', {}],
    ['an argument', '{ orders(statu: PLACED) { id } }', {}],
    ['an enum value', '{ orders(status: PLACE) { id } }', {}],
    ['an enum value in a variable', 'query ($s: Status) { orders(status: $s) { id } }', { s: 'PLACE' }],
    ['an input field', '{ orders(filter: { referenc: "x" }) { id } }', {}],
    ['an input field in a variable', 'query ($f: Filter) { orders(filter: $f) { id } }', { f: { referenc: 'x' } }],
    ['a type', 'query ($f: Filte) { orders(filter: $f) { id } }', {}],
    ['a fragment’s type', '{ order(id: "1") { ... on Orde { id } } }', {}],
    ['a directive', '{ hello @includ(if: true) }', {}]
  ])('in the name of %s is told without a name that is right, on any way in (A73)', async (_, query, variables) => {
    const headers = await asFinance()
    const socket = await world.overSocket({ query, variables }, headers)
    const texts = [
      (await world.post({ query, variables }, headers)).text,
      (await world.get({ query, variables: JSON.stringify(variables) }, headers)).text,
      JSON.stringify(socket.payload)
    ]
    for (const text of texts) {
      expect(text).toMatch(/GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT/)
      expect(text).not.toMatch(/did you mean/i)
      expect(text).not.toMatch(/PLACED|SHIPPED|reference\b|minimum|margin\b|\bstatus\b|\btext\b/)
    }
  })
})

describe('a subgraph in trouble', () => {
  const SECRET = 'SECRET-10.0.0.7'
  const SAID: Readonly<Record<string, Said>> = {
    'an error page': { status: 500, headers: { 'content-type': 'text/html' }, body: `<h1>${SECRET}</h1>` },
    'text that is no JSON': { body: `{"data": ${SECRET}` },
    'another place': { status: 302, headers: { location: `http://127.0.0.1:1/${SECRET}` }, body: '' },
    'a refusal of the router': { status: 401, body: JSON.stringify({ error: SECRET }) },
    'an error of its database': {
      body: JSON.stringify({
        data: null,
        errors: [{ message: `ER_DUP: ${SECRET}`, extensions: { code: 'ER_DUP', sql: SECRET } }]
      })
    },
    'a stack under a code that clients know': {
      body: JSON.stringify({
        data: { order: null },
        errors: [
          { message: 'No.', path: ['order'], extensions: { code: 'CONFLICT', stacktrace: [SECRET], sql: SECRET } }
        ]
      })
    },
    'errors that are none': { body: JSON.stringify({ data: null, errors: [SECRET, { message: { a: SECRET } }] }) }
  }

  test.each(Object.entries(SAID))('that says %s is not quoted, and the log knows more (A75)', async (_, said) => {
    world.says = () => said
    world.lines.length = 0
    const headers = await asFinance()
    const query = '{ order(id: "1") { id text } }'
    const answers = [
      (await world.post({ query }, headers)).text,
      (await world.get({ query }, headers)).text,
      (await world.post({ query }, { ...headers, accept: 'text/event-stream' })).text,
      JSON.stringify((await world.overSocket({ query }, headers)).payload)
    ]
    for (const text of answers) {
      expect(text).toContain('"errors"')
      expect(text).not.toMatch(/SECRET|127\.0\.0\.1|orders-internal|\bat .*:\d+|node_modules|\.ts\b|undici|ECONN/)
    }
    const codesSaid = codes(JSON.parse(answers[0] ?? ''))
    expect(codesSaid.every(code => ['SUBGRAPH_UNAVAILABLE', 'INTERNAL', 'CONFLICT'].includes(String(code)))).toBe(true)
    if (!codesSaid.includes('CONFLICT')) expect(world.lines.join()).toContain('orders-internal')
  })
})

describe('a denied field', () => {
  const ids = ['1', '2', 'absent-1', 'absent-2']

  test('is answered byte by byte alike, whether there is something or not, and nothing is asked (A76, A77)', async () => {
    const headers = { authorization: `Bearer ${await world.token()}` }
    world.asked.length = 0
    const texts = new Set<string>()
    for (const id of ids) {
      const { status, text } = await world.post(
        { query: `query ($id: ID!) { order(id: $id) { margin } }`, variables: { id } },
        headers
      )
      texts.add(`${status} ${text}`)
    }
    expect(texts.size).toBe(1)
    const [only = ''] = texts
    expect(only).toContain('UNAUTHORIZED_FIELD_OR_TYPE')
    expect(only).not.toMatch(/finance|polic|scope|ada/)
    expect(world.asked).toEqual([])
  })

  test('that is not allowed and one that is not there at all are told apart by the schema alone (A77)', async () => {
    const { body } = await world.post({ query: '{ order(id: "absent-1") { id margin } }' }, await asFinance())
    expect(body).toEqual({ data: { order: null } })
  })
})

describe('what subgraphs say of caching and cookies', () => {
  test('is for the router: an answer that met a rule is kept by nobody (A71)', async () => {
    const data = { order: { __typename: 'Order', id: '1', margin: 7.25 } }
    world.says = () => ({
      headers: { 'cache-control': 'public, max-age=3600', 'set-cookie': 'session=1', etag: 'x', 'x-internal': 'y' },
      body: JSON.stringify({ data })
    })
    for (const finance of [true, false]) {
      const { headers } = await world.post(
        { query: '{ order(id: "1") { id margin } }' },
        { authorization: `Bearer ${await world.token(finance)}` }
      )
      expect(headers.get('cache-control')).toBe('private, no-store')
      expect(headers.get('vary')).toContain('Authorization')
      for (const name of ['set-cookie', 'etag', 'x-internal', 'age', 'expires']) expect(headers.get(name)).toBeNull()
    }
  })
})

describe('a subgraph that says more than it was asked', () => {
  const query = '{ order(id: "1") { id text } }'
  test.each<[string, unknown]>([
    [
      'other fields',
      { order: { __typename: 'Order', id: '1', text: 't', margin: 7.25, internal: 'x' }, orders: [], hello: 'x' }
    ],
    ['fields under another’s alias', { order: { id: '1', text: 't', 'm: margin': 1, __margin: 7.25 } }]
  ])('has it dropped: %s (A42)', async (_, data) => {
    world.says = () => ({ body: JSON.stringify({ data, extensions: { secret: 1 } }) })
    const { text } = await world.post({ query }, { authorization: `Bearer ${await world.token()}` })
    expect(JSON.parse(text)).toEqual({ data: { order: { id: '1', text: 't' } } })
  })

  test('has a text where a number belongs shown to nobody (A42)', async () => {
    world.says = () => ({ body: JSON.stringify({ data: { order: { id: '1', margin: 'all of it', text: { a: 1 } } } }) })
    const { body } = await world.post({ query: '{ order(id: "1") { id margin text } }' }, await asFinance())
    expect(body).toMatchObject({ data: { order: { id: '1', margin: null, text: null } } })
  })
})
