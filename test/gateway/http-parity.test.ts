import { createHash } from 'node:crypto'
import { once } from 'node:events'
import WebSocket from 'ws'
import type { GraphQLRequest } from '../../gateway/engine.ts'
import { automaticDocuments } from '../../gateway/prepare/automatic-documents.ts'
import { documentFinder } from '../../gateway/prepare/documents.ts'
import type { FaultCode } from '../../platform/errors.ts'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'
import { repeat } from './prepare/refusals.ts'

/** Security A50: no way in is without the guards of another. One table of requests, sent through all of them. */

const SDL = `
  type Query { me: User echo(input: Filter): String page(first: Int!): [User!]! user(id: ID!): User }
  type Mutation { add(n: Int): Int }
  type Subscription { ticked: User }
  type User @key(fields: "id") { id: ID! name: String friend: User friends(first: Int): [User!]! }
  input Filter { text: String min: Float colors: [Color!] inner: Filter }
  enum Color { RED GREEN }`
const user = { id: 'u1', name: 'Ada', friends: () => [] }
const root = { me: user, user: () => user, page: () => [user], echo: 'echo', add: 1 }

interface Case extends GraphQLRequest {
  readonly query: string
  readonly code: FaultCode | 'accepted'
  /** The token of a caller that is bound to trusted documents. */
  readonly bound?: boolean
}

const deep = (n: number) => `${'{ friend '.repeat(n)}{ id }${'}'.repeat(n)}`
const inner = (n: number): unknown => (n === 0 ? {} : { inner: inner(n - 1) })
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })
const FILTER = 'query ($f: Filter) { echo(input: $f) }'
const LIMIT = { code: 'OPERATION_LIMIT' } as const
const INVALID = { code: 'GRAPHQL_VALIDATION_FAILED' } as const
const INPUT = { code: 'BAD_USER_INPUT' } as const

const CASES: Readonly<Record<string, Case>> = {
  'a query': { query: '{ me { id } }', code: 'accepted' },
  'a query with variables': { query: FILTER, variables: { f: { text: 'x' } }, code: 'accepted' },
  'a query by its name': {
    query: 'query A { me { id } } query B { me { name } }',
    operationName: 'B',
    code: 'accepted'
  },
  tokens: { ...LIMIT, query: `{ ${repeat(5, i => `e${i}: echo(input: { colors: [${repeat(900, () => 'RED')}] })`)} }` },
  nesting: { ...LIMIT, query: `{ echo(input: ${'{ inner: '.repeat(100)}{}${'}'.repeat(100)}) }` },
  depth: { ...LIMIT, query: `{ me ${deep(12)} }` },
  'depth in fragments': { ...LIMIT, query: `{ me { ...A } } fragment A on User ${deep(12)}` },
  'depth of a subscription': { ...LIMIT, query: `subscription { ticked ${deep(12)} }` },
  'depth of introspection': {
    ...LIMIT,
    query: `{ __schema { types ${'{ ofType '.repeat(16)}{ name }${'}'.repeat(16)} } }`
  },
  aliases: { ...LIMIT, query: `{ me { ${repeat(31, i => `a${i}: id`)} } }` },
  'aliases in fragments': {
    ...LIMIT,
    query: `{ me { ...A friend { ...A } } } fragment A on User { ${repeat(16, i => `a${i}: id`)} }`
  },
  'root fields': { ...LIMIT, query: `{ ${repeat(11, () => 'me { id }')} }` },
  mutations: { ...LIMIT, query: `mutation { ${repeat(6, i => `a${i}: add`)} }` },
  directives: { ...LIMIT, query: `{ me { ${repeat(31, () => 'id @include(if: true)')} } }` },
  selections: {
    ...LIMIT,
    query: `{ me { ...F0 } } ${repeat(14, i => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`)} fragment F14 on User { id }`
  },
  'comparisons of fields': { ...LIMIT, query: `{ me { ${repeat(1000, () => 'id')} } }` },
  'chains of fragments': {
    ...LIMIT,
    query: `{ me { ...F0 } } ${repeat(100, i => `fragment F${i} on User { ...F${i + 1} }`)} fragment F100 on User { id }`
  },
  cost: { ...LIMIT, query: '{ page(first: 100) { friends(first: 100) { id } } }' },
  'cost by a variable': { ...LIMIT, query: 'query ($n: Int!) { page(first: $n) { id } }', variables: { n: 5001 } },
  'cost of a subscription': { ...LIMIT, query: 'subscription { ticked { friends(first: 5001) { id } } }' },
  'items of a list': { ...LIMIT, query: `{ echo(input: { colors: [${repeat(1001, () => 'RED')}] }) }` },
  'items of a list in a variable': { ...LIMIT, query: FILTER, variables: { f: { colors: Array(1001).fill('RED') } } },
  'bytes of variables': { ...LIMIT, query: FILTER, variables: { f: { text: 'x'.repeat(263_000) } } },
  'depth of variables': { ...LIMIT, query: FILTER, variables: { f: inner(21) } },
  'number of variables': {
    ...LIMIT,
    query: FILTER,
    variables: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`v${i}`, 1]))
  },
  'no document': { query: '{ me {', code: 'GRAPHQL_PARSE_FAILED' },
  'a field that does not exist': { ...INVALID, query: '{ me { nam } }' },
  'a mutation that does not exist': { ...INVALID, query: 'mutation { remove }' },
  'a subscription that does not exist': { ...INVALID, query: 'subscription { other { id } }' },
  'two subscriptions at once': { ...INVALID, query: 'subscription { ticked { id } other: ticked { id } }' },
  'the inside of a subgraph': { ...INVALID, query: '{ _service { sdl } }' },
  'fragments in a circle': { ...INVALID, query: '{ me { ...A } } fragment A on User { id ...A }' },
  'deferred parts': { ...INVALID, query: '{ me { ... @defer { id } } }' },
  'definitions of types': { ...INVALID, query: '{ me { id } } type Extra { id: ID }' },
  'an infinite number in the document': { ...INVALID, query: '{ echo(input: { min: 1e400 }) }' },
  'no operation': { query: 'fragment A on User { id }', code: 'OPERATION_RESOLUTION_FAILURE' },
  'several operations': { query: 'query A { me { id } } query B { me { id } }', code: 'OPERATION_RESOLUTION_FAILURE' },
  'another operation': { query: 'query A { me { id } }', operationName: 'B', code: 'OPERATION_RESOLUTION_FAILURE' },
  'a name that is none': { query: '{ me { id } }', operationName: 'a b', code: 'BAD_REQUEST' },
  'a variable that is missing': { ...INPUT, query: 'query ($id: ID!) { user(id: $id) { id } }' },
  'a variable of another type': { ...INPUT, query: FILTER, variables: { f: { min: 'x' } } },
  'an enum value that does not exist': { ...INPUT, query: FILTER, variables: { f: { colors: ['GRE'] } } },
  'an input field that pollutes': { ...INPUT, query: FILTER, variables: JSON.parse('{"f":{"__proto__":{"min":1}}}') },
  'a document, where an id is required': { query: '{ me { name } }', bound: true, code: 'PERSISTED_QUERY_ID_REQUIRED' },
  'the hash of another document': {
    query: '{ me { id } }',
    extensions: persisted(sha256('other')),
    code: 'BAD_REQUEST'
  },
  'a hash that is none': { query: '', extensions: persisted('abc'), code: 'BAD_REQUEST' },
  'an unknown hash': { query: '', extensions: persisted(sha256('unknown')), code: 'PERSISTED_QUERY_NOT_FOUND' },
  'an unknown id': { query: '', documentId: 'unknown', code: 'PERSISTED_QUERY_NOT_IN_LIST' },
  'an unknown id, where one is required': {
    query: '',
    documentId: 'unknown',
    bound: true,
    code: 'PERSISTED_QUERY_NOT_IN_LIST'
  },
  'an unknown hash, where an id is required': {
    query: '',
    extensions: persisted(sha256('x')),
    bound: true,
    code: 'PERSISTED_QUERY_NOT_IN_LIST'
  },
  'an id beside a document': { query: '{ me { id } }', documentId: 'a query', code: 'BAD_REQUEST' }
}

/** By name of the case; sent by whoever asks by id. */
const trusted = new Map(Object.entries(CASES).map(([name, { query }]) => [name, query]))

let door: HttpDoor
beforeAll(async () => {
  door = await startHttpDoor({
    subgraphs: { only: { sdl: SDL, root, resolvers: { User: { __resolveReference: () => user } } as never } },
    // So that what is refused is refused by what it says, wherever it is said.
    transport: { batch: 3, headerBytes: 2_000_000, bodyBytes: 2_000_000, frameBytes: 2_000_000 },
    documents: documentFinder({ trusted, trustedOnly: false, automatic: automaticDocuments() }),
    caller: name => ({ trustedDocumentsOnly: name === 'bound' })
  })
})
afterAll(() => door[Symbol.asyncDispose]())

interface Answer {
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

type Send = (request: GraphQLRequest, token: string) => Promise<Answer>

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const RESPONSE = 'application/graphql-response+json'

const byPost: Send = async (request, token) =>
  (await door.post(request, { ...bearer(token), accept: RESPONSE })).body as Answer

const TRANSPORTS: Readonly<Record<string, Send>> = {
  POST: byPost,
  'POST as plain JSON': async (request, token) => (await door.post(request, bearer(token))).body as Answer,
  GET: async ({ query, documentId, operationName, variables, extensions }, token) => {
    const given = { query, documentId, operationName, variables, extensions }
    const parameters = Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
    )
    return (await door.get(Object.fromEntries(parameters), bearer(token))).body as Answer
  },
  'a batch of one': async (request, token) => {
    const { body } = await door.post([request], bearer(token))
    return (body as unknown as readonly Answer[])[0] ?? {}
  },
  'the last of a batch': async (request, token) => {
    const { body } = await door.post([{ documentId: 'a query' }, request], bearer(token))
    return (body as unknown as readonly Answer[])[1] ?? {}
  },
  'server-sent events': async (request, token) => {
    const response = await fetch(door.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token) },
      body: JSON.stringify(request)
    })
    const text = await response.text()
    return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text)
  },
  'a websocket': async (request, token) => {
    const socket = new WebSocket(door.url.replace('http', 'ws'), 'graphql-transport-ws')
    await once(socket, 'open')
    const next = async () => JSON.parse(String((await once(socket, 'message'))[0]))
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(token) }))
    expect(await next()).toMatchObject({ type: 'connection_ack' })
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: request }))
    const { type, payload } = await next()
    socket.terminate()
    return type === 'error' ? { errors: payload } : payload
  }
}

function said({ errors }: Answer): string {
  return errors?.[0] ? `${errors[0].extensions.code}: ${errors[0].message}` : 'accepted'
}

describe.each(Object.keys(TRANSPORTS))('over %s', transport => {
  const send = TRANSPORTS[transport] ?? byPost
  test.each(Object.entries(CASES))('%s: as over any other', async (_, { code, bound, ...request }) => {
    const token = bound ? 'bound' : 'free'
    const outcome = said(await send(request, token))
    expect(outcome.split(':')[0]).toBe(code)
    expect(outcome).toBe(said(await byPost(request, token)))
  })

  // The document's text is known to the router; the rest of the request comes along with its id.
  const asked = Object.entries(CASES).filter(
    ([, { query, extensions, documentId }]) => query && !extensions && !documentId
  )
  test.each(asked)('%s, asked by id: as by its text', async (documentId, { code, bound: _, query, ...request }) => {
    const byId = said(
      await send({ ...request, documentId, query: transport === 'a websocket' ? '' : undefined }, 'bound')
    )
    const byText = said(await byPost({ ...request, query }, 'free'))
    expect(byId).toBe(byText)
    if (code !== 'PERSISTED_QUERY_ID_REQUIRED') expect(byId.split(':')[0]).toBe(code)
  })
})
