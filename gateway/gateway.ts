import type { Logger } from 'pino'
import { systemClock } from '../platform/clock.ts'
import type { Database, DatabaseOptions } from '../platform/database/database.ts'
import { openMysql } from '../platform/database/mysql.ts'
import { openSqlite } from '../platform/database/sqlite.ts'
import type { Executor } from '../platform/executor/executor.ts'
import { httpExecutor } from '../platform/executor/http.ts'
import { inProcessExecutor } from '../platform/executor/in-process.ts'
import { LOG_ENTITIES, LOG_MIGRATIONS, openDatabaseLog } from '../platform/log/database.ts'
import type { Log } from '../platform/log/log.ts'
import { Opened } from '../platform/opened.ts'
import { packageVersion } from '../platform/root.ts'
import type { RouterClient } from '../platform/router-client/router-client.ts'
import type { Subgraph } from '../platform/subgraph/subgraph.ts'
import { type Config, ConfigError } from './config.ts'
import { type Caller, createEngine, type Engine } from './engine.ts'
import { contractedEntrance, openEntrance } from './identity/entrance.ts'
import { inProcessRouterClient } from './in-process-router-client.ts'
import { LOG_SUBGRAPH } from './log-subgraph.ts'
import { subgraphUrls } from './plan/subgraph-urls.ts'
import { isRoomName, ROOM_NAMES, ROOMS, type RoomName } from './rooms.ts'
import { loadSecrets } from './secrets.ts'
import type { Door } from './serve/door.ts'
import { readiness } from './serve/health.ts'
import { type HttpServer, listen } from './serve/http.ts'
import { createMetrics, type Metrics } from './serve/metrics.ts'
import { createCursors } from './subscribe/cursor.ts'

/** The composition root: the only place where adapters are chosen, by the scheme of a URL. */

/** Rooms that run in this process. */
export type StartedRooms = { readonly [Name in RoomName]: Awaited<ReturnType<(typeof ROOMS)[Name]['start']>> }

type OpenDatabase = (options: Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>) => Promise<Database>

function databases({ databaseUrl, dataDir }: Config): OpenDatabase {
  const open = databaseUrl.startsWith('mysql:') ? openMysql : openSqlite
  return options => open({ url: databaseUrl, dataDir, ...options })
}

/** Opens the log that `EVENTS_URL` names, and its database, as part of what the caller closes. */
export async function openLog(config: Config, opened: Opened): Promise<Log> {
  const database = opened.use(
    await databases(config)({ name: 'log', entities: LOG_ENTITIES, migrations: LOG_MIGRATIONS })
  )
  return opened.use(await openDatabaseLog({ database, clock: systemClock }))
}

/** Starts one room of this process; it asks others only through `router`. */
export function startRoom<Name extends RoomName>(
  name: Name,
  { config, log, logger, router }: { config: Config; log: Log; logger: Logger; router: RouterClient }
): Promise<StartedRooms[Name]> {
  const deps = {
    openDatabase: databases(config),
    log,
    router,
    clock: systemClock,
    zone: config.zone,
    logger: logger.child({ room: name })
  }
  return ROOMS[name].start(deps) as Promise<StartedRooms[Name]>
}

/** A running router, with what it opened. */
export interface Gateway extends HttpServer {
  readonly engine: Engine
  readonly log: Log
  readonly metrics: Metrics
  readonly rooms: Partial<StartedRooms>
  /** A consumer of the directory as a caller, for what asks from within this process. */
  as(consumer: string): Promise<Caller>
}

export interface GatewayOptions {
  readonly config: Config
  readonly logger: Logger
  readonly supergraphSdl: string
  /** Rooms to run in this process; every other subgraph is reached by its URL in the supergraph. */
  readonly rooms: readonly RoomName[]
  /** No identity, no contracts. */
  readonly open: boolean
  readonly consoleDir: string | null
  /** Wraps the executor of a subgraph, for example to watch what it is asked. */
  readonly wrapExecutor?: (subgraph: string, executor: Executor) => Executor
}

/** Starts a router: the log, the rooms of this process, executors, identity, the book, and the door. */
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

async function openGateway(
  {
    config,
    logger,
    supergraphSdl,
    rooms: names,
    open,
    consoleDir,
    wrapExecutor = (_, executor) => executor
  }: GatewayOptions,
  opened: Opened
): Promise<Omit<Gateway, keyof AsyncDisposable>> {
  const secrets = await loadSecrets(config)
  const log = await openLog(config, opened)
  const entrance = open ? openEntrance(supergraphSdl) : await contractedEntrance(config, secrets, supergraphSdl)

  let engineReady: (engine: Engine) => void = () => undefined
  const engineLater = new Promise<Engine>(resolve => {
    engineReady = resolve
  })
  const rooms: Partial<StartedRooms> = {}
  for (const name of names) {
    const router = inProcessRouterClient(engineLater, () => entrance.as(name))
    Object.assign(rooms, { [name]: opened.use(await startRoom(name, { config, log, logger, router })) })
  }
  const executors = chooseExecutors(supergraphSdl, rooms, open ? null : secrets.subgraph, logger)
  for (const [name, executor] of Object.entries(executors)) executors[name] = wrapExecutor(name, opened.use(executor))
  const engine = opened.use(createEngine({ supergraphSdl, executors, logger }))
  engineReady(engine)

  const door: Door = {
    engine,
    log,
    logger,
    authenticate: entrance.authenticate,
    metrics: createMetrics(),
    cursors: createCursors(secrets.cursor),
    catalogue: new Map(ROOM_NAMES.flatMap(name => ROOMS[name].subscriptions).map(field => [field.name, field])),
    corsOrigins: config.corsOrigins
  }
  const about = { version: packageVersion, profile: config.profile }
  const started: readonly Subgraph[] = Object.values(rooms)
  const server = await listen(door, {
    host: config.host,
    port: config.port,
    consoleDir,
    readiness: () => readiness(about, log, started)
  })
  opened.use(server)
  return { url: server.url, engine, log, metrics: door.metrics, rooms, as: consumer => entrance.as(consumer) }
}

/** A room of this process is called directly; every other subgraph by its URL in the supergraph, with signed requests. */
function chooseExecutors(
  supergraphSdl: string,
  rooms: Partial<StartedRooms>,
  secret: string | null,
  logger: Logger
): Record<string, Executor> {
  const executors: Record<string, Executor> = {}
  for (const [name, url] of subgraphUrls(supergraphSdl)) {
    const room = isRoomName(name) ? rooms[name] : undefined
    if (room) executors[name] = inProcessExecutor(room, { logger })
    else if (/^https?:/.test(url)) executors[name] = httpExecutor({ url, secret, subgraph: name })
    else if (name !== LOG_SUBGRAPH)
      throw new ConfigError(`subgraph ${name} has the URL "${url}" in the supergraph: use http: or https:`)
  }
  return executors
}
