import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, readConfig } from '../../gateway/config.ts'
import { type GatewayOptions, startGateway } from '../../gateway/gateway.ts'
import { createLogger } from '../../platform/logger.ts'
import { type ForeignSubgraph, post, startForeign, supergraphOf } from '../support/foreign.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'

let dataDir: string

beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'oaas-open-')), 'data')
})

afterEach(() => rm(join(dataDir, '..'), { recursive: true, force: true }))

/** A router over a graph that is not ours. */
function start(supergraphSdl: string, options: Partial<GatewayOptions> = {}, env: Record<string, string> = {}) {
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, ...env })
  const logger = createLogger('silent')
  return startGateway({ config, logger, supergraphSdl, rooms: [], open: false, consoleDir: null, ...options })
}

const people = () =>
  startForeign('people', 'type Query { me: Person } type Person @key(fields: "id") { id: ID! name: String }', {
    Query: { me: () => ({ id: '1', name: 'Ada' }) },
    Person: { __resolveReference: (r: { id: string }) => ({ id: r.id, name: 'Ada' }) }
  })

const reviews = () =>
  startForeign('reviews', 'type Person @key(fields: "id") { id: ID! reviews: [String!]! }', {
    Person: { reviews: ({ id }: { id: string }) => [`by ${id}`] }
  })

describe('a supergraph that is not ours', () => {
  test('is routed by its URLs with --open, without identity or contracts', async () => {
    await using first = await people()
    await using second = await reviews()
    await using gateway = await start(supergraphOf(first, second), { open: true })
    const { body } = await post(gateway.url, '{ me { alias: name reviews } }')
    expect(body).toEqual({ data: { me: { alias: 'Ada', reviews: ['by 1'] } } })
    const headers = [...first.requests, ...second.requests].flatMap(request => Object.keys(request.headers))
    expect(headers).not.toContain('oaas-signature')
  })

  test('opens neither a log nor a database, and keeps no secret', async () => {
    await using subgraph = await people()
    await using gateway = await start(supergraphOf(subgraph), { open: true })
    expect(gateway.log).toBeNull()
    expect(existsSync(dataDir)).toBe(false)
    const ready = await fetch(new URL('/readyz', gateway.url))
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ ready: true, rooms: {} })
  })

  test('is not served without an identity provider, not even in development', async () => {
    await using subgraph = await people()
    await expect(start(supergraphOf(subgraph))).rejects.toThrow(ConfigError)
    await expect(start(supergraphOf(subgraph))).rejects.toThrow(/JWKS_URL.*--open/)
  })

  test('lets in every caller whom the identity provider knows, and nobody else', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await people()
    await using gateway = await start(supergraphOf(subgraph), {}, provider.env)
    const known = await post(gateway.url, '{ me { name } }', { token: await provider.token() })
    expect(known).toEqual({ status: 200, body: { data: { me: { name: 'Ada' } } } })
    const stranger = await post(gateway.url, '{ me { name } }')
    expect([stranger.status, stranger.body.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED'])
    expect(subgraph.requests).toHaveLength(1)
  })

  test('shows no query plan to a caller with a token', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await people()
    await using gateway = await start(supergraphOf(subgraph), {}, provider.env)
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await provider.token()}` },
      body: JSON.stringify({ query: '{ me { name } }', extensions: { queryPlan: true } })
    })
    expect(await response.json()).toEqual({ data: { me: { name: 'Ada' } } })
  })

  test('reaches a subgraph where the settings say, not where the supergraph does', async () => {
    await using subgraph = await people()
    const sdl = supergraphOf({ ...subgraph, url: 'http://people.invalid/graphql' })
    const { settingsFromText } = await import('../../gateway/read-settings.ts')
    const settings = settingsFromText(`subgraphs: { people: { url: "${subgraph.url}" } }`, 'router.yaml', '.')
    await using gateway = await start(sdl, { open: true, settings })
    expect((await post(gateway.url, '{ me { name } }')).body).toEqual({ data: { me: { name: 'Ada' } } })
  })

  test.each<[string, (subgraph: ForeignSubgraph) => string, RegExp]>([
    ['a schema that is no supergraph', () => 'type Query { a: Int }', /no supergraph/],
    ['text that is no schema', () => 'type Query {', /Syntax Error/],
    [
      'a type that is not there',
      s => supergraphOf(s).replace('me: Person', 'me: Nobody'),
      /^the supergraph cannot be served: Unknown type: "Nobody"/
    ],
    [
      'a subgraph without a usable URL',
      s => supergraphOf({ ...s, url: 'localhost:4001' }),
      /subgraph people has the URL "localhost:4001".*settings/
    ]
  ])('is refused at the start: %s', async (_, sdl, reason) => {
    await using subgraph = await people()
    await expect(start(sdl(subgraph), { open: true })).rejects.toThrow(reason)
  })

  test('is refused with settings for a subgraph that it does not have', async () => {
    await using subgraph = await people()
    const { settingsFromText } = await import('../../gateway/read-settings.ts')
    const settings = settingsFromText('subgraphs: { poeple: { timeoutMs: 5 } }', 'router.yaml', '.')
    await expect(start(supergraphOf(subgraph), { open: true, settings })).rejects.toThrow(
      'the settings name the subgraph "poeple", which is not there: use people or *'
    )
  })
})
