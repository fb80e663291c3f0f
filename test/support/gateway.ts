import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../gateway/config.ts'
import { type Gateway, startGateway } from '../../gateway/gateway.ts'
import { openDevelopmentIssuer } from '../../gateway/identity/development-issuer.ts'
import { ROOM_NAMES } from '../../gateway/rooms.ts'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { createLogger } from '../../platform/logger.ts'
import { packageRoot } from '../../platform/root.ts'

export interface Asked {
  readonly subgraph: string
  readonly text: string
}

export interface Answer {
  readonly status: number
  readonly body: {
    readonly data?: Record<string, unknown> | null
    readonly errors?: readonly { message: string; path?: unknown; extensions: Record<string, unknown> }[]
    readonly extensions?: Record<string, unknown>
  }
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly config: Config
  readonly url: string
  /** Every request that a subgraph was sent since the last `asked.length = 0`. */
  readonly asked: Asked[]
  token(consumer: string, seconds?: number, claims?: Record<string, string>): Promise<string>
  /** POSTs a document as a consumer (null: without a token). */
  ask(
    consumer: string | null,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>
  ): Promise<Answer>
}

export interface TestGatewayOptions {
  readonly env?: Record<string, string>
  readonly dataDir?: string
}

/** A whole gateway over temporary SQLite files, on a free port, without demo data. */
export async function startTestGateway({ env = {}, dataDir }: TestGatewayOptions = {}): Promise<TestGateway> {
  const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'oaas-test-')))
  const config = readConfig({ PORT: '0', DEMO: 'off', LOG_LEVEL: 'silent', ...env, DATA_DIR: directory })
  const asked: Asked[] = []
  const gateway = await startGateway({
    config,
    logger: createLogger(config.logLevel),
    supergraphSdl: await readFile(join(packageRoot, 'schema', 'supergraph.graphql'), 'utf8'),
    rooms: ROOM_NAMES,
    open: false,
    consoleDir: join(packageRoot, 'console', 'dist'),
    wrapExecutor: (subgraph, executor) => ({
      execute: (request: SubgraphRequest) => {
        asked.push({ subgraph, text: request.operation.text })
        return executor.execute(request)
      },
      [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose]()
    })
  })
  const issuer = await openDevelopmentIssuer(directory)
  const token = (consumer: string, seconds = 600, claims = {}) => issuer.token(consumer, seconds, claims)
  return {
    gateway,
    config,
    url: gateway.url,
    asked,
    token,
    async ask(consumer, query, variables = {}, headers = {}) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(consumer ? { authorization: `Bearer ${await token(consumer)}` } : {}),
          ...headers
        },
        body: JSON.stringify({ query, variables })
      })
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      if (!dataDir) await rm(directory, { recursive: true, force: true })
    }
  }
}
