import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { ApolloServer, type BaseContext } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { parse } from 'graphql'
import { type OaasGateway, oaasGateway, type SubgraphCall } from '../../gateway/apollo/apollo-gateway.ts'
import { readConfig } from '../../gateway/config.ts'
import { startGateway } from '../../gateway/gateway.ts'
import { createLogger } from '../../platform/logger.ts'
import { packageRoot } from '../../platform/root.ts'
import { startForeign, supergraphOf } from '../support/foreign.ts'

const SILENT = createLogger('silent')

const books = (before?: () => Promise<void>) =>
  startForeign(
    'books',
    `type Query { books: [Book!]! book(id: ID!, lang: Lang = EN): Book }
     type Mutation { rename(id: ID!, title: String!): Book }
     enum Lang { EN ZH }
     type Book @key(fields: "id") { id: ID! title: String }`,
    {
      Query: {
        books: () => [
          { id: '1', title: 'One' },
          { id: '2', title: null }
        ],
        book: (_: unknown, { id, lang }: { id: string; lang: string }) => ({ id, title: `${id} in ${lang}` })
      },
      Mutation: { rename: (_: unknown, book: object) => book }
    },
    before
  )

const prices = () =>
  startForeign('prices', 'type Book @key(fields: "id") { id: ID! price: Int }', {
    Book: {
      price: ({ id }: { id: string }) => {
        if (id !== '1') throw new Error('no price')
        return 5
      }
    }
  })

interface Served extends AsyncDisposable {
  readonly url: string
  readonly server: ApolloServer<BaseContext>
}

/** Apollo Server over a gateway, over HTTP. */
async function serve(gateway: OaasGateway): Promise<Served> {
  const server = new ApolloServer<BaseContext>({
    gateway,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false
  })
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0 },
    context: async ({ req }) => ({ user: req.headers['x-user'] })
  })
  return { url, server, [Symbol.asyncDispose]: () => server.stop() }
}

async function ask(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body)
  })
  // Each failure has an id of its own.
  return { status: response.status, body: JSON.parse((await response.text()).replace(/err_\w+/g, 'err_id')) }
}

describe('oaasGateway in Apollo Server', () => {
  test.each<[string, object]>([
    ['a query over subgraphs', { query: '{ books { title: title copy: id } }' }],
    ['partial data and the errors of a subgraph', { query: '{ books { id price } }' }],
    [
      'variables and defaults',
      {
        query: 'query ($id: ID!, $l: Lang) { a: book(id: $id, lang: $l) { title } b: book(id: "7") { title price } }',
        variables: { id: '9' }
      }
    ],
    ['conditions', { query: 'query ($no: Boolean!) { books { id title @skip(if: $no) } }', variables: { no: true } }],
    [
      'one of several operations',
      { query: 'query A { books { id } } query B { book(id: "1") { price } }', operationName: 'B' }
    ],
    ['a mutation', { query: 'mutation { rename(id: "1", title: "Uno") { title price } }' }],
    [
      'introspection',
      { query: '{ __typename __schema { queryType { name } } __type(name: "Book") { fields { name } } }' }
    ]
  ])('answers as the router itself does: %s', async (_, body) => {
    await using first = await books()
    await using second = await prices()
    const supergraph = supergraphOf(first, second)
    await using router = await startGateway({
      config: readConfig({ PORT: '0' }),
      logger: SILENT,
      supergraphSdl: supergraph,
      rooms: [],
      open: true,
      consoleDir: null
    })
    await using apollo = await serve(oaasGateway({ supergraph, logger: SILENT }))
    const answer = await ask(apollo.url, body)
    expect(answer).toEqual(await ask(router.url, body))
    expect(answer.status).toBe(200)
    expect(answer.body.data).toBeTruthy()
  })

  test('leaves validation to Apollo Server, and says which limits it keeps itself', async () => {
    await using subgraph = await books()
    const supergraph = supergraphOf(subgraph)
    const settings = { limits: { aliases: 1 } }
    await using apollo = await serve(oaasGateway({ supergraph, settings, logger: SILENT }))
    const unknown = await ask(apollo.url, { query: '{ pages }' })
    expect([unknown.status, unknown.body.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
    const limited = await ask(apollo.url, { query: '{ a: books { id } b: books { id } }' })
    expect(limited).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'OPERATION_LIMIT' } }] } })
    expect(limited.body).not.toHaveProperty('data')
    const variable = await ask(apollo.url, {
      query: 'query ($id: ID!) { book(id: $id) { id } }',
      variables: { id: {} }
    })
    expect(variable).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } })
  })

  test('says in a code that a subgraph cannot be reached', async () => {
    await using subgraph = await books()
    const supergraph = supergraphOf({ ...subgraph, url: 'http://127.0.0.1:1/graphql' })
    const settings = { subgraphs: { books: { retries: 0 } } }
    await using apollo = await serve(oaasGateway({ supergraph, settings, logger: SILENT }))
    expect(await ask(apollo.url, { query: '{ book(id: "1") { id } }' })).toMatchObject({
      status: 200,
      body: { data: { book: null }, errors: [{ path: ['book'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] }
    })
  })

  test('sends subgraphs headers that are made of the server’s context, and the client’s own that are listed', async () => {
    await using first = await books()
    await using second = await prices()
    const gateway = oaasGateway<{ user?: string }>({
      supergraph: supergraphOf(first, second),
      headers: {
        'x-tenant': async ({ context }) => context.user?.toUpperCase(),
        'x-agent': ({ header }) => header('User-Agent')
      },
      settings: { subgraphs: { prices: { forwardHeaders: ['x-request-id'] } } },
      logger: SILENT
    })
    await using apollo = await serve(gateway)
    const headers = { 'x-user': 'ada', 'x-request-id': 'r1', 'user-agent': 'test', 'x-tenant': 'forged' }
    await ask(apollo.url, { query: '{ book(id: "1") { price } }' }, headers)
    await ask(apollo.url, { query: '{ book(id: "1") { price } }' })
    const sent = (name: string) => [first, second].map(({ requests }) => requests.map(r => r.headers[name]))
    expect(sent('x-tenant')).toEqual([
      ['ADA', undefined],
      [undefined, undefined]
    ])
    expect(sent('x-request-id')).toEqual([
      [undefined, undefined],
      ['r1', undefined]
    ])
    expect(sent('x-agent')[0]?.[0]).toBe('test')
  })

  test('asks a subgraph by a function of its own, and says when that fails', async () => {
    await using first = await books()
    const calls: SubgraphCall[] = []
    const gateway = oaasGateway({
      supergraph: supergraphOf(first, {
        name: 'prices',
        url: 'here',
        typeDefs: parse('type Book @key(fields: "id") { id: ID! price: Int }')
      }),
      headers: { 'x-user': ({ header }) => header('x-user') },
      executor: ({ name, url }) =>
        name === 'prices' && url === 'here'
          ? async call => {
              calls.push(call)
              if (calls.length > 1) throw new Error('secret')
              return { data: { _entities: [{ __typename: 'Book', price: 5 }] } }
            }
          : undefined,
      logger: SILENT
    })
    await using apollo = await serve(gateway)
    const price = { query: '{ book(id: "1") { price } }' }
    expect((await ask(apollo.url, price, { 'x-user': 'ada' })).body).toEqual({ data: { book: { price: 5 } } })
    expect(calls).toMatchObject([{ kind: 'query', headers: { 'x-user': 'ada' } }])
    expect(calls[0]?.query).toContain('_entities')
    const failed = await ask(apollo.url, price)
    expect(failed.body).toMatchObject({
      data: { book: { price: null } },
      errors: [{ path: ['book', 'price'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]
    })
    expect(JSON.stringify(failed)).not.toContain('secret')
  })

  test('keeps access rules by the claims that it is given, and starts with none unless it is', async () => {
    const sdl = 'type Query { open: String mine: String @authenticated all: String @requiresScopes(scopes: [["all"]]) }'
    await using subgraph = await startForeign('ruled', sdl, {
      Query: { open: () => 'open', mine: () => 'mine', all: () => 'all' }
    })
    const supergraph = supergraphOf(subgraph)
    await expect(new ApolloServer({ gateway: oaasGateway({ supergraph, logger: SILENT }) }).start()).rejects.toThrow(
      /access rules.*"claims"/
    )
    await using apollo = await serve(
      oaasGateway<{ user?: string }>({
        supergraph,
        claims: ({ context: { user } }) => (user ? { sub: user, scope: user === 'root' ? 'all' : '' } : null),
        logger: SILENT
      })
    )
    const data = async (user?: string) =>
      (await ask(apollo.url, { query: '{ open mine all }' }, user ? { 'x-user': user } : {})).body.data
    expect(await data()).toEqual({ open: 'open', mine: null, all: null })
    expect(await data('ada')).toEqual({ open: 'open', mine: 'mine', all: null })
    expect(await data('root')).toEqual({ open: 'open', mine: 'mine', all: 'all' })
    expect(subgraph.requests.map(({ query }) => query.includes('all'))).toEqual([false, false, true])
  })

  test('follows the supergraph’s file: Apollo Server validates by the new schema, and what has begun ends as it began', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oaas-apollo-'))
    const file = join(directory, 'supergraph.graphql')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    try {
      await using subgraph = await books(() => held)
      const small = supergraphOf(subgraph).replace(/ {2}title: String\n/, '')
      await writeFile(file, supergraphOf(subgraph))
      const gateway = oaasGateway({ supergraphFile: pathToFileURL(file), logger: SILENT })
      await using apollo = await serve(gateway)
      const begun = ask(apollo.url, { query: '{ book(id: "1") { title } }' })
      while (subgraph.requests.length === 0) await delay(5)
      await writeFile(`${file}.new`, small)
      await rename(`${file}.new`, file)
      await gateway.reload()
      const invalid = await ask(apollo.url, { query: '{ book(id: "1") { title } }' })
      expect(invalid.body.errors[0].message).toMatch(/Cannot query field "title"/)
      release()
      expect((await begun).body).toEqual({ data: { book: { title: '1 in EN' } } })

      await writeFile(file, 'type Query {')
      await gateway.reload()
      expect((await ask(apollo.url, { query: '{ book(id: "1") { id } }' })).body).toEqual({
        data: { book: { id: '1' } }
      })
    } finally {
      release()
      await rm(directory, { recursive: true, force: true })
    }
  })

  test('runs what Apollo Server has validated by the schema before on the graph before', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'oaas-apollo-'))
    const file = join(directory, 'supergraph.graphql')
    try {
      await using subgraph = await books()
      await writeFile(file, supergraphOf(subgraph))
      const gateway = oaasGateway({ supergraphFile: file, logger: SILENT })
      const changeOnce = {
        async requestDidStart() {
          return {
            async didResolveOperation() {
              await writeFile(file, supergraphOf(subgraph).replace(/ {2}title: String\n/, ''))
              await gateway.reload()
            }
          }
        }
      }
      const server = new ApolloServer({ gateway, plugins: [changeOnce] })
      await server.start()
      const title = { query: '{ book(id: "1") { title } }' }
      const answer = async () => (await server.executeOperation(title)).body
      expect(await answer()).toMatchObject({ singleResult: { data: { book: { title: '1 in EN' } } } })
      expect(await answer()).toMatchObject({ singleResult: { errors: [{ message: expect.stringMatching(/title/) }] } })
      await server.stop()
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  test('keeps Apollo Server’s plugins and executeOperation', async () => {
    await using subgraph = await books()
    const seen: unknown[] = []
    const server = new ApolloServer({
      gateway: oaasGateway({ supergraph: supergraphOf(subgraph), logger: SILENT }),
      plugins: [
        {
          async requestDidStart() {
            return {
              async willSendResponse({ response }) {
                seen.push(response.body)
              }
            }
          }
        }
      ]
    })
    await server.start()
    const { body } = await server.executeOperation({ query: '{ book(id: "3") { id } }' })
    expect(seen).toEqual([body])
    expect(body).toMatchObject({ kind: 'single', singleResult: { data: { book: { id: '3' } } } })
    await server.stop()
  })

  test('tells nobody what is wrong with its own options', async () => {
    await using subgraph = await books()
    const gateway = oaasGateway({
      supergraph: supergraphOf(subgraph),
      headers: {
        'x-a': () => {
          throw new Error('secret')
        }
      },
      logger: SILENT
    })
    await using apollo = await serve(gateway)
    const answer = await ask(apollo.url, { query: '{ book(id: "1") { id } }' })
    expect(answer).toMatchObject({
      status: 500,
      body: { errors: [{ extensions: { code: 'INTERNAL', id: 'err_id' } }] }
    })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('answers no subscription', async () => {
    await using subgraph = await startForeign('ticks', 'type Query { now: Int } type Subscription { tick: Int }', {
      Query: { now: () => 1 }
    })
    await using apollo = await serve(oaasGateway({ supergraph: supergraphOf(subgraph), logger: SILENT }))
    expect(await ask(apollo.url, { query: 'subscription { tick }' })).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] }
    })
  })

  test.each<[string, Parameters<typeof oaasGateway>[0], RegExp]>([
    ['no supergraph', {}, /either "supergraph"/],
    ['two', { supergraph: '', supergraphFile: 'x' }, /either "supergraph"/],
    ['no SDL', { supergraph: 'type Query { a: Int }' }, /no supergraph/],
    [
      'a graph under contracts',
      { supergraphFile: join(packageRoot, 'schema', 'supergraph.graphql') },
      /under contracts, which Apollo Server cannot keep/
    ],
    ['a file that is not there', { supergraphFile: '/nowhere.graphql' }, /nowhere\.graphql/],
    [
      'a setting that there is not',
      { supergraph: '', settings: { limits: { deph: 1 } } as object },
      /settings of oaasGateway limits\.deph: there is no such setting/
    ]
  ])('does not start with %s', async (_, options, reason) => {
    const server = new ApolloServer({ gateway: oaasGateway({ ...options, logger: SILENT }) })
    await expect(server.start()).rejects.toThrow(reason)
  })
})
