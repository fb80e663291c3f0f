import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { startReader } from '../../platform/log/reader.ts'
import { Opened } from '../../platform/opened.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import type { Room, RoomDeps } from '../../platform/subgraph/room.ts'
import { buildRoomSchema } from '../../platform/subgraph/schema.ts'
import type { Context, Subgraph } from '../../platform/subgraph/subgraph.ts'
import { ROOM } from './events.ts'
import { orderById } from './find-reports.ts'
import { HealthResolver } from './health.resolver.ts'
import type { HealthDeps } from './health-deps.ts'
import { type ImportedStatusReport, importStatusReports, type StatusImportResult } from './import-status-reports.ts'
import { LEARNERS } from './learn.ts'
import { Health1790000000000 } from './migrations/1790000000000-health.ts'
import { Order } from './order.ts'
import { FeedReport, OrderPulse, OrderStatusRow } from './order-pulse.ts'
import { StatusReport } from './status-report.ts'

export type { ImportedStatusReport, StatusImportResult } from './import-status-reports.ts'

/** The health room at work. */
export interface StartedHealth extends Subgraph {
  /** Loads what systems said of orders in bulk; the same again changes nothing. */
  importStatusReports(reports: readonly ImportedStatusReport[]): Promise<StatusImportResult>
}

/** Reads the log and says how well orders run. */
export const health: Room<StartedHealth> = {
  name: ROOM,
  sdl: async () => (await schemaOf(null)).sdl,
  subscriptions: [],
  start
}

const ENTITIES = [...ROOM_ENTITIES, OrderPulse, OrderStatusRow, FeedReport, StatusReport]
const MIGRATIONS = [...ROOM_MIGRATIONS, Health1790000000000]

async function start({ openDatabase, log, clock, logger }: RoomDeps): Promise<StartedHealth> {
  const opened = new Opened()
  try {
    const database = opened.use(await openDatabase({ name: ROOM, entities: ENTITIES, migrations: MIGRATIONS }))
    const outbox = opened.use(startOutbox({ database, log, logger }))
    const deps: HealthDeps = { database, outbox, clock }
    const { schema } = await schemaOf(deps)
    const reader = opened.use(startReader({ name: ROOM, database, log, outbox, logger, handlers: LEARNERS }))
    return {
      name: ROOM,
      schema,
      applied: position => reader.applied(position),
      importStatusReports: reports => importStatusReports(deps, reports),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

/** Without `deps` the schema can be printed but not asked. */
function schemaOf(deps: HealthDeps | null) {
  return buildRoomSchema({
    resolvers: new Map([[HealthResolver, deps && new HealthResolver(deps)]]),
    orphanedTypes: [Order],
    references: {
      Order: ({ id }: { id: string }, context: Context) => deps && orderById(deps.database.reads, context, id)
    }
  })
}
