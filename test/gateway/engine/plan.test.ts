import { apiSchema } from '../../../gateway/plan/api-schema.ts'
import type { Consumer } from '../../../policies/consumer.ts'
import { CONSUMER, caller, composed, federate, overTheWire } from '../../support/federation.ts'
import { SHOP } from '../../support/shop.ts'

const federation = federate(SHOP)
const { engine, view, calls } = federation
const OPERATOR: Consumer = { ...CONSUMER, kind: 'operator' }

const run = async (query: string, extensions: unknown, consumer = OPERATOR) => {
  const who = caller({ view, consumer })
  return overTheWire(await engine.execute(engine.prepare({ query, extensions }, who), who))
}

beforeEach(() => {
  calls.length = 0
})

describe('the plan', () => {
  const query = '{ me { name nick reviews { product { title stock } } } }'

  test('is shown to an operator who asks: each fetch, and how many waits there were', async () => {
    const { extensions } = await run(query, { plan: true })
    expect(extensions).toEqual({
      plan: {
        fetches: 4,
        waves: 3,
        operations: [
          { subgraph: 'accounts', operation: '{me{__typename name id}}', wave: 0 },
          { subgraph: 'reviews', operation: expect.stringContaining('nick reviews'), wave: 1 },
          {
            subgraph: expect.stringMatching(/catalog|shipping/),
            operation: expect.stringContaining('_entities'),
            wave: 2
          },
          {
            subgraph: expect.stringMatching(/catalog|shipping/),
            operation: expect.stringContaining('_entities'),
            wave: 2
          }
        ]
      }
    })
  })

  test('is shown to nobody else, and not unasked', async () => {
    expect((await run(query, { plan: true }, CONSUMER)).extensions).toBeUndefined()
    expect((await run(query, { plan: 'true' })).extensions).toBeUndefined()
    expect((await run(query, undefined)).extensions).toBeUndefined()
    expect((await run(query, JSON.parse('{"__proto__":{"plan":true}}'))).extensions).toBeUndefined()
  })

  test('says what was sent, not what might have been', async () => {
    const { extensions } = await run('{ search(q: "none") { ... on User { nick } } }', { plan: true })
    expect(extensions?.plan).toMatchObject({ fetches: 1, waves: 1 })
  })
})

describe('what subgraphs are told', () => {
  test('is the caller’s authority, and no header or extension of the caller’s own', async () => {
    const who = caller({ view: { ...view, access: () => ({ read: { User: [{}] }, write: {} }) }, readAfter: 7 })
    await engine.execute(
      engine.prepare({ query: '{ me { name nick } }', extensions: { access: { party: 'operator' } } }, who),
      who
    )
    for (const { access } of calls) {
      expect(access).toEqual({
        company: 'demo',
        consumer: 'tester',
        party: 'sales',
        claims: { team: 'a' },
        read: { User: [{}] },
        write: {},
        readAfter: 7,
        language: 'en'
      })
    }
    expect(calls).toHaveLength(2)
  })

  test('are the variables that an operation uses, and no others', async () => {
    const who = caller({ view })
    const query = 'query ($first: Int, $word: String!) { me { greeting(word: $word) reviews(first: $first) { id } } }'
    await engine.execute(engine.prepare({ query, variables: { first: 1, word: 'W', more: 'x' } }, who), who)
    expect(calls.map(({ variables }) => Object.keys(variables).sort())).toEqual([
      ['word'],
      ['first', 'representations']
    ])
  })

  test('are the client’s values, whichever came before on a warm cache', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { name nick } }'
    const ids = ['u1', 'u2', 'u3', 'u4', 'u1', 'nobody']
    const answers = await Promise.all(ids.map(id => federation.run(query, { id })))
    expect(answers.map(({ data }) => overTheWire(data)?.['user'])).toEqual([
      { name: 'User 1', nick: 'nick1' },
      { name: 'User 2', nick: 'nick2' },
      { name: 'User 3', nick: null },
      { name: 'User 4', nick: 'nick4' },
      { name: 'User 1', nick: 'nick1' },
      null
    ])
  })
})

describe('the supergraph', () => {
  test('with rules that this router does not keep is refused', () => {
    const sdl = composed(SHOP).replace(
      '@link(url: "https://specs.apollo.dev/link/v1.0")',
      '@link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.example.com/secret/v0.1", for: SECURITY)'
    )
    expect(() => apiSchema(sdl)).toThrow('secret/v0.1, which this router does not enforce')
    expect(() => apiSchema(composed(SHOP))).not.toThrow()
  })

  test('keeps its own directives on what they describe', () => {
    const sdl = composed(SHOP).replace(
      'type Address',
      'directive @owner(department: String!) on OBJECT\ntype Address @owner(department: "x")'
    )
    const type = apiSchema(sdl).getType('Address')
    expect(type?.astNode?.directives?.map(({ name }) => name.value)).toEqual(['owner'])
  })
})

test('the cache of compiled operations is bounded', async () => {
  const small = federate(SHOP, { cacheSize: 2 })
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 10; i++) {
      const { data } = await small.run(`{ a${i}: me { name } }`)
      expect(overTheWire(data)).toEqual({ [`a${i}`]: { name: 'User 1' } })
    }
  }
})
