import type { Logger } from 'pino'
import type { Executor } from '../platform/executor/executor.ts'
import type { Log } from '../platform/log/log.ts'
import { Opened } from '../platform/opened.ts'
import { packageVersion } from '../platform/root.ts'
import type { Subgraph } from '../platform/subgraph/subgraph.ts'
import { generationBuilder, isCompanys } from './build-generation.ts'
import { refuseStrays } from './choose-executors.ts'
import type { Company, StartedRooms } from './company.ts'
import { type Config, ConfigError } from './config.ts'
import type { Caller, Engine } from './engine.ts'
import { type Authenticate, authenticator, openDoor } from './identity/authenticate.ts'
import { foreignConsumer } from './identity/consumer.ts'
import { providerRules } from './identity/rules.ts'
import { createTokens } from './identity/tokens.ts'
import type { Views } from './identity/views.ts'
import { inProcessRouterClient } from './in-process-router-client.ts'
import { engineMetrics } from './observe/engine-metrics.ts'
import { subgraphMetrics } from './observe/subgraph-metrics.ts'
import { openDocuments } from './open-documents.ts'
import { followFile } from './reload/follow-file.ts'
import { createGenerations } from './reload/generations.ts'
import { reloading } from './reload/reloading.ts'
import type { RoomName } from './rooms.ts'
import type { Door } from './serve/door.ts'
import { readiness } from './serve/health.ts'
import { type HttpServer, listen } from './serve/http.ts'
import { createMetrics, type Metrics } from './serve/metrics.ts'
import { createConnections } from './serve/socket/connections.ts'
import { DEFAULT_SETTINGS, forwardedHeaders, type Settings } from './settings.ts'
import { createCursors } from './subscribe/cursor.ts'

/** The composition root: what is the company's own comes from company.ts, which a router over another graph never loads. */

const LOOPBACK = /^(localhost|127\.[\d.]+|::1)$/

/** A running router, with what it opened. */
export interface Gateway extends HttpServer {
  readonly engine: Engine
  /** Null over a graph that is not the company's. */
  readonly log: Log | null
  readonly metrics: Metrics
  readonly rooms: Partial<StartedRooms>
  /** A consumer of the directory as a caller, for what asks from within this process. */
  as(consumer: string): Promise<Caller>
  /** Reads the supergraph's file now. When it cannot be served, the one before stays and the log says why. */
  reload(): Promise<void>
}

export interface GatewayOptions {
  readonly config: Config
  readonly settings?: Settings
  readonly logger: Logger
  readonly supergraphSdl: string
  /** Where the supergraph was read; it is followed, and served anew whenever it changes. */
  readonly supergraphFile?: string
  /** Rooms to run in this process; every other subgraph is reached by its URL in the supergraph. */
  readonly rooms: readonly RoomName[]
  /** No identity, no contracts. */
  readonly open: boolean
  readonly consoleDir: string | null
  /** Wraps the executor of a subgraph, for example to watch what it is asked. */
  readonly wrapExecutor?: (subgraph: string, executor: Executor) => Executor
}

/** Starts a router: executors, identity, views, and the door; over the company's graph its log, rooms and book as well. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const opened = new Opened()
  try {
    const gateway = await openGateway(options, opened)
    return { ...gateway, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  } catch (failure) {
    await opened[Symbol.asyncDispose]()
    throw failure
  }
}

async function openGateway(options: GatewayOptions, opened: Opened): Promise<Omit<Gateway, keyof AsyncDisposable>> {
  const { config, logger, supergraphSdl, consoleDir } = options
  const settings = options.settings ?? DEFAULT_SETTINGS
  const metrics = createMetrics()
  const tracing = config.traces ? opened.use(await (await import('./observe/open-tracing.ts')).openTracing()) : null

  let engineReady: (engine: Engine) => void = () => undefined
  const engineLater = new Promise<Engine>(resolve => {
    engineReady = resolve
  })
  const company = await openCompanyOf(options, opened, name => inProcessRouterClient(engineLater, () => as(name)))

  const build = generationBuilder({
    settings,
    logger,
    open: options.open,
    company,
    documents: await openDocuments(settings.documents),
    watch: subgraphMetrics(metrics.registry, logger),
    engineWatch: engineMetrics(metrics.registry),
    wrap: (name, executor) => {
      const wrapped = options.wrapExecutor?.(name, executor) ?? executor
      return tracing?.traced(name, wrapped) ?? wrapped
    }
  })
  const generations = opened.use(
    createGenerations({
      first: await build(supergraphSdl),
      build,
      keepMs: settings.transport.arrivalTimeoutMs,
      logger
    })
  )
  refuseStrays(settings, supergraphSdl)
  const { engine, views } = generations
  engineReady(engine)

  const replace = reloading(generations, metrics.registry, logger)
  const file = options.supergraphFile
    ? opened.use(followFile({ path: options.supergraphFile, changed: replace.changed, failed: replace.failed }))
    : null

  const door: Door = {
    engine,
    log: company?.log ?? null,
    cursors: company ? createCursors(company.secrets.cursor) : null,
    catalogue: company?.catalogue ?? new Map(),
    logger,
    metrics,
    tracing,
    authenticate: await identity(options, company, views, opened),
    transport: settings.transport,
    connections: createConnections(settings.transport),
    corsOrigins: config.corsOrigins,
    localOnly: options.open && LOOPBACK.test(config.host),
    forwardHeaders: forwardedHeaders(settings)
  }
  const about = { version: packageVersion, profile: config.profile }
  const rooms: readonly Subgraph[] = Object.values(company?.rooms ?? {})
  const server = opened.use(
    await listen(door, {
      host: config.host,
      port: config.port,
      consoleDir,
      readiness: async () => {
        const state = await readiness(about, door.log, rooms)
        return { ...state, ready: state.ready && !door.connections.leaving }
      }
    })
  )

  async function as(id: string): Promise<Caller> {
    const consumer = company?.listed(id)
    const view = consumer && views().view(consumer, null)
    if (!consumer || !view)
      throw new Error(`no contract grants ${id} anything: add it to policies/consumers.yaml and to a contract`)
    return { consumer, view, language: 'en', readAfter: null }
  }

  return {
    url: server.url,
    engine,
    log: door.log,
    metrics,
    rooms: company?.rooms ?? {},
    as,
    reload: async () => file?.read()
  }
}

/** The company's own things, when the graph is the company's. */
async function openCompanyOf(
  { config, logger, supergraphSdl, rooms }: GatewayOptions,
  opened: Opened,
  router: (name: RoomName) => ReturnType<typeof inProcessRouterClient>
): Promise<Company | null> {
  if (!isCompanys(supergraphSdl)) return null
  const { openCompany } = await import('./company.ts')
  return openCompany({ config, logger, names: rooms, router }, opened)
}

async function identity(
  { config, open, logger, settings = DEFAULT_SETTINGS }: GatewayOptions,
  company: Company | null,
  views: () => Views,
  opened: Opened
): Promise<Authenticate> {
  if (open) return openDoor(views)
  if (company) {
    const tokens = opened.use(createTokens({ rules: await company.issuers() }))
    return authenticator({ tokens, consumer: company.consumer, views })
  }
  if (!config.jwt)
    throw new ConfigError(
      'there is no identity provider: set JWKS_URL, JWT_ISSUER and JWT_AUDIENCE, or let everyone in with --open'
    )
  const tokens = opened.use(createTokens({ rules: providerRules(config.jwt, logger) }))
  return authenticator({ tokens, consumer: foreignConsumer(settings.authorization), views })
}
