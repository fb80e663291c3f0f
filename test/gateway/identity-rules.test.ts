import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../gateway/config.ts'
import { startGateway } from '../../gateway/gateway.ts'
import { createLogger } from '../../platform/logger.ts'
import { packageRoot } from '../../platform/root.ts'
import { post, startForeign, supergraphOf } from '../support/foreign.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'oaas-rules-'))
})

afterEach(() => rm(dataDir, { recursive: true, force: true }))

function start(supergraphSdl: string, env: Readonly<Record<string, string>>) {
  return startGateway({
    config: readConfig({ PORT: '0', DATA_DIR: dataDir, ...env }),
    logger: createLogger('silent'),
    supergraphSdl,
    rooms: [],
    open: false,
    consoleDir: null
  })
}

const codes = ({ body }: Awaited<ReturnType<typeof post>>) => body.errors?.map(({ extensions }) => extensions['code'])

describe('a graph with access rules of its own', () => {
  const open = async () => {
    const sdl = 'type Query { free: String mine: String @authenticated all: String @requiresScopes(scopes: [["all"]]) }'
    const resolvers = { Query: { free: () => 'free', mine: () => 'mine', all: () => 'all' } }
    return startForeign('ruled', sdl, resolvers)
  }
  const query = '{ free mine all }'

  test('shows callers without a token what takes none, and every other what its token gives', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await open()
    await using gateway = await start(supergraphOf(subgraph), provider.env)
    const nobody = await post(gateway.url, query)
    expect(nobody.body.data).toEqual({ free: 'free', mine: null, all: null })
    expect(codes(nobody)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE', 'UNAUTHORIZED_FIELD_OR_TYPE'])
    const data = async (scope: string) =>
      (await post(gateway.url, query, { token: await provider.token({ scope }) })).body.data
    expect(await data('some')).toEqual({ free: 'free', mine: 'mine', all: null })
    expect(await data('some all')).toEqual({ free: 'free', mine: 'mine', all: 'all' })
    expect(await data('some')).toEqual({ free: 'free', mine: 'mine', all: null })
  })

  test('takes nobody for anonymous who sent a token that is not valid', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await open()
    await using gateway = await start(supergraphOf(subgraph), provider.env)
    const expired = await provider.token({ exp: Math.floor(Date.now() / 1000) - 600 })
    expect((await post(gateway.url, '{ free }', { token: expired })).status).toBe(401)
    expect((await post(gateway.url, '{ free }', { headers: { authorization: 'Basic YTpi' } })).status).toBe(401)
    expect(subgraph.requests).toEqual([])
  })

  test('reads scopes and policies from the claims that the settings name', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await open()
    const { settingsFromText } = await import('../../gateway/read-settings.ts')
    const settings = settingsFromText('authorization: { scopesClaim: roles, mode: reject }', 'router.yaml', '.')
    await using gateway = await startGateway({
      config: readConfig({ PORT: '0', ...provider.env }),
      settings,
      logger: createLogger('silent'),
      supergraphSdl: supergraphOf(subgraph),
      rooms: [],
      open: false,
      consoleDir: null
    })
    const ask = async (claims: object) => post(gateway.url, query, { token: await provider.token({ ...claims }) })
    expect((await ask({ roles: ['all'] })).body.data).toEqual({ free: 'free', mine: 'mine', all: 'all' })
    const rejected = await ask({ scope: 'all' })
    expect([rejected.status, rejected.body.data]).toEqual([403, undefined])
  })
})

describe('the company’s graph with access rules beside its contracts', () => {
  /** Orders may be listed by callers with the scope `orders` alone. */
  async function ruled(): Promise<string> {
    const sdl = await readFile(join(packageRoot, 'schema', 'supergraph.graphql'), 'utf8')
    return sdl
      .replace(/^schema\b/m, 'schema @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)')
      .replace(/(\n {2}orders\([^)]*\): OrderConnection!)/, '$1 @requiresScopes(scopes: [["orders"]])')
  }

  test('lets nobody in whom only one of them lets in', async () => {
    await using provider = await startIdentityProvider()
    await using gateway = await start(await ruled(), provider.env)
    const ask = async (sub: string, scope: string) =>
      codes(await post(gateway.url, '{ orders { totalCount } }', { token: await provider.token({ sub, scope }) }))
    // No subgraph runs here: whoever may ask one is told so.
    expect(await ask('sales', 'orders')).toEqual(['SUBGRAPH_UNAVAILABLE'])
    expect(await ask('sales', '')).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE'])
    expect(await ask('routing', 'orders')).not.toEqual(['SUBGRAPH_UNAVAILABLE'])
    expect(await ask('nobody-we-know', 'orders')).toEqual(['FORBIDDEN'])
    expect((await post(gateway.url, '{ __typename }')).status).toBe(401)
  })
})
