import type { Logger } from 'pino'
import { systemClock } from '../platform/clock.ts'
import type { Database, DatabaseOptions } from '../platform/database/database.ts'
import { openMysql } from '../platform/database/mysql.ts'
import { openSqlite } from '../platform/database/sqlite.ts'
import type { SubscriptionField } from '../platform/log/catalogue.ts'
import { LOG_ENTITIES, LOG_MIGRATIONS, openDatabaseLog } from '../platform/log/database.ts'
import type { Log } from '../platform/log/log.ts'
import type { Opened } from '../platform/opened.ts'
import type { RouterClient } from '../platform/router-client/router-client.ts'
import type { Consumer } from '../policies/consumer.ts'
import type { Book } from '../policies/view.ts'
import type { Config } from './config.ts'
import { consumerOf, type FindConsumer } from './identity/consumer.ts'
import { companyRules, type IssuerRules } from './identity/rules.ts'
import { loadBook, loadDirectory } from './policies-files.ts'
import { ROOM_NAMES, ROOMS, type RoomName } from './rooms.ts'
import { loadSecrets, type Secrets } from './secrets.ts'

/** Rooms that run in this process. */
export type StartedRooms = { readonly [Name in RoomName]: Awaited<ReturnType<(typeof ROOMS)[Name]['start']>> }

/** What a router has over the company's own graph, and over no other: a log, rooms, a book of contracts. */
export interface Company {
  readonly secrets: Secrets
  readonly log: Log
  /** Fields of the Subscription root that are answered from the log. */
  readonly catalogue: ReadonlyMap<string, SubscriptionField>
  readonly rooms: Partial<StartedRooms>
  readonly consumer: FindConsumer
  /** A consumer of the directory by its id. */
  listed(id: string): Consumer | undefined
  issuers(): Promise<IssuerRules>
  /** The book of contracts, compiled against a supergraph. */
  book(supergraphSdl: string): Promise<Book>
}

export interface OpenCompanyOptions {
  readonly config: Config
  readonly logger: Logger
  /** Rooms to run in this process. */
  readonly names: readonly RoomName[]
  /** How a room of this process asks the router. */
  readonly router: (name: RoomName) => RouterClient
}

type OpenDatabase = (options: Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>) => Promise<Database>

/** Opens the log and starts the rooms, as part of what the caller closes. */
export async function openCompany(
  { config, logger, names, router }: OpenCompanyOptions,
  opened: Opened
): Promise<Company> {
  const secrets = await loadSecrets(config)
  const directory = await loadDirectory()
  const log = await openLog(config, opened)
  const rooms: Partial<StartedRooms> = {}
  for (const name of names) {
    const room = await startRoom(name, { config, log, logger, router: router(name) })
    Object.assign(rooms, { [name]: opened.use(room) })
  }
  return {
    secrets,
    log,
    catalogue: new Map(ROOM_NAMES.flatMap(name => ROOMS[name].subscriptions).map(field => [field.name, field])),
    rooms,
    consumer: consumerOf(directory),
    listed: id => directory.consumers.find(known => known.id === id),
    issuers: () => companyRules(config, secrets, logger),
    book: supergraphSdl => loadBook(supergraphSdl, directory, { zone: config.zone })
  }
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

function databases({ databaseUrl, dataDir }: Config): OpenDatabase {
  const open = databaseUrl.startsWith('mysql:') ? openMysql : openSqlite
  return options => open({ url: databaseUrl, dataDir, ...options })
}
