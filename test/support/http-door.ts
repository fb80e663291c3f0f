import type { Caller } from '../../gateway/engine.ts'
import type { Authenticate } from '../../gateway/identity/authenticate.ts'
import type { Door } from '../../gateway/serve/door.ts'
import { listen } from '../../gateway/serve/http.ts'
import { createMetrics } from '../../gateway/serve/metrics.ts'
import { createConnections } from '../../gateway/serve/socket/connections.ts'
import { DEFAULT_SETTINGS, type TransportSettings } from '../../gateway/settings.ts'
import { createLogger } from '../../platform/logger.ts'
import { CONSUMER, type Federation, type FederationOptions, federate, type TestSubgraph } from './federation.ts'
import { SHOP } from './shop.ts'

/** A door over subgraphs in memory: everything of the router but where its parts come from. */
export interface HttpDoor extends AsyncDisposable {
  readonly url: string
  readonly federation: Federation
  readonly door: Door
  /** What was logged, as JSON lines. */
  readonly lines: string[]
  post(body: unknown, headers?: Record<string, string>): Promise<Answered>
  get(parameters: Record<string, string>, headers?: Record<string, string>): Promise<Answered>
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

interface Body {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[]
}

export interface HttpDoorOptions extends FederationOptions {
  readonly subgraphs?: Readonly<Record<string, TestSubgraph>>
  readonly transport?: Partial<TransportSettings>
  /** Changes what the caller of a token (its name) is; without a token it is `tester`. */
  readonly caller?: (name: string) => Partial<Caller>
  readonly door?: Partial<Door>
}

/** Starts a door on a free port, over the shop unless other subgraphs are given. */
export async function startHttpDoor({
  subgraphs = SHOP,
  transport,
  caller = () => ({}),
  door: change,
  ...options
}: HttpDoorOptions = {}): Promise<HttpDoor> {
  const federation = federate(subgraphs, options)
  const { engine, view } = federation
  const settings = { ...DEFAULT_SETTINGS.transport, drainMs: 200, ...transport }
  const lines: string[] = []
  const authenticate: Authenticate = authorization => {
    const name = authorization?.replace(/^Bearer /, '') ?? CONSUMER.id
    const known = { consumer: { ...CONSUMER, id: name }, view, ...caller(name) }
    return { ...known, expiresAt: Number.POSITIVE_INFINITY, current: () => known.view }
  }
  const door: Door = {
    engine,
    log: null,
    cursors: null,
    catalogue: new Map(),
    logger: createLogger('debug', { write: line => lines.push(line) }),
    metrics: createMetrics(),
    authenticate,
    transport: settings,
    connections: createConnections(settings),
    tracing: null,
    corsOrigins: [],
    ...change
  }
  const server = await listen(door, {
    host: '127.0.0.1',
    port: 0,
    consoleDir: null,
    readiness: async () => ({ ready: true, version: '0', profile: 'test', rooms: {} })
  })
  const read = async (response: Response): Promise<Answered> => ({
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Body
  })
  return {
    url: server.url,
    federation,
    door,
    lines,
    post: async (body, headers = {}) =>
      read(
        await fetch(server.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body)
        })
      ),
    get: async (parameters, headers = {}) =>
      read(await fetch(`${server.url}?${new URLSearchParams(parameters)}`, { headers })),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    }
  }
}
