import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packageRoot } from '../../platform/root.ts'
import { type RunningCommand, startCommand } from '../support/command.ts'
import { type ForeignSubgraph, post, startForeign, supergraphOf } from '../support/foreign.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'

const PRODUCTION = {
  OAAS_PROFILE: 'production',
  JWKS_URL: 'https://id.example/keys',
  JWT_ISSUER: 'https://id.example',
  JWT_AUDIENCE: 'router'
}

let directory: string
let subgraph: ForeignSubgraph
let supergraph: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-command-'))
  subgraph = await startForeign('hello', 'type Query { hello: String }', { Query: { hello: () => 'world' } })
  supergraph = join(directory, 'supergraph.graphql')
  await writeFile(supergraph, supergraphOf(subgraph))
})

afterAll(async () => {
  await subgraph[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

function oaas(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  return startCommand(['gateway', '--port', '0', ...args], { DATA_DIR: join(directory, 'data'), ...env })
}

/** Writes a file into the test's folder. */
async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

describe('oaas gateway', () => {
  test('serves a supergraph to callers of an identity provider in production, by a settings file, without a secret', async () => {
    await using provider = await startIdentityProvider()
    const config = await file('router.yaml', 'limits: { aliases: 1 }')
    const env = { ...PRODUCTION, ...provider.env, ROUTER_CONFIG: config, HOST: '127.0.0.1' }
    await using command = oaas(['--supergraph', supergraph], env)
    const url = await command.ready()
    const token = await provider.token()
    expect((await post(url, '{ hello }', { token })).body).toEqual({ data: { hello: 'world' } })
    expect((await post(url, '{ a: hello b: hello }', { token })).body.errors?.[0]?.extensions['code']).toBe(
      'OPERATION_LIMIT'
    )
    expect((await post(url, '{ hello }')).status).toBe(401)
  })

  test('listens on the loopback address alone with --open, whatever HOST says', async () => {
    await using command = oaas(['--supergraph', supergraph, '--open'], { HOST: '0.0.0.0' })
    const { port } = new URL(await command.ready())
    expect(await reachable('127.0.0.1', port)).toBe(true)
    // Another address of the same machine, which whoever listens on all of them would hear.
    expect(await reachable('127.0.0.2', port)).toBe(false)
  })

  test.each<[string, () => Promise<readonly string[]>, Record<string, string>, RegExp]>([
    ['--open in production', async () => ['--supergraph', supergraph, '--open'], PRODUCTION, /--open is off/],
    ['no identity provider', async () => ['--supergraph', supergraph], {}, /JWKS_URL, JWT_ISSUER and JWT_AUDIENCE/],
    [
      'rules that --open cannot keep',
      async () => {
        const sdl = 'type Query { hello: String @authenticated }'
        await using ruled = await startForeign('hello', sdl, {})
        return ['--supergraph', await file('ruled.graphql', supergraphOf(ruled)), '--open']
      },
      {},
      /access rules.*--open cannot keep/
    ],
    ['a file that is not there', async () => ['--supergraph', '/nowhere.graphql'], {}, /file \/nowhere\.graphql/],
    [
      'a file that is no supergraph',
      async () => ['--supergraph', await file('broken.graphql', 'type Query {\n  a: Int'), '--open'],
      {},
      /cannot be read, line 2, column 9/
    ],
    [
      'a mistake in the settings',
      async () => ['--supergraph', supergraph, '--open', '--config', await file('bad.yaml', 'limits:\n  depht: 3\n')],
      {},
      /bad\.yaml:2 limits\.depht: there is no such setting/
    ],
    [
      'settings that are not there',
      async () => ['--supergraph', supergraph, '--open', '--config', '/nowhere.yaml'],
      {},
      /settings file \/nowhere\.yaml/
    ],
    [
      'trusted documents alone, and no list of them',
      async () => {
        const config = await file('trusted.yaml', 'documents: { trustedOnly: true }')
        return ['--supergraph', supergraph, '--open', '--config', config]
      },
      {},
      /documents\.manifest/
    ],
    [
      'a port that is none',
      async () => ['--supergraph', supergraph, '--open', '--port', '4e3'],
      {},
      /--port "4e3" is not a port number/
    ]
  ])('ends with 1 and one line that says what to do: %s', async (_, args, env, line) => {
    await using command = oaas(await args(), env)
    expect(await command.ended()).toBe(1)
    expect(command.stderr()).toMatch(/^oaas: .*\n$/)
    expect(command.stderr()).toMatch(line)
  })

  test('loads neither a database nor a room for a graph that is not ours', () => {
    const loaded = staticImports('gateway/cli/gateway.ts')
    expect(loaded).toContain('gateway/engine.ts')
    expect(
      [...loaded].filter(name => /^(subgraphs|demo)\/|^(typeorm|type-graphql|libsql|mysql2|ajv|yaml)/.test(name))
    ).toEqual([])
  })
})

function reachable(host: string, port: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(Number(port), host)
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}

/** Files and packages that are loaded with a file. */
function staticImports(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path)) return known
  known.add(path)
  if (!path.endsWith('.ts')) return known
  const text = readFileSync(join(packageRoot, path), 'utf8')
  for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm))
    staticImports(specifier.startsWith('.') ? join(dirname(path), specifier) : specifier, known)
  return known
}
