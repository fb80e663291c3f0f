import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { startReader } from '../../platform/log/reader.ts'
import { Opened } from '../../platform/opened.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import type { Room, RoomDeps } from '../../platform/subgraph/room.ts'
import { buildRoomSchema, type SchemaParts } from '../../platform/subgraph/schema.ts'
import type { Context, Subgraph } from '../../platform/subgraph/subgraph.ts'
import { closeOrder } from './close-order.ts'
import { ROOM } from './events.ts'
import { orderById } from './find-routing.ts'
import { nodeById } from './find-stock.ts'
import { FulfillmentLine, FulfillmentOrder } from './fulfillment-order.ts'
import { type ImportedStock, importStock, type StockImportResult } from './import-stock.ts'
import { Intent } from './intent.ts'
import type { DetectedIntent, Note } from './intents/intent-model.ts'
import { ruleModel } from './intents/rule-model.ts'
import { Routing1790000000000 } from './migrations/1790000000000-routing.ts'
import { OrderResolver } from './order.resolver.ts'
import { Order } from './order.ts'
import { OrderPromise } from './order-promise.ts'
import { recordOrder } from './record-order.ts'
import { revisePromise } from './revise-promise.ts'
import { routeOrder } from './route-order.ts'
import { ProductionPromise, RoutedOrder } from './routed-order.ts'
import type { RoutingDeps } from './routing-deps.ts'
import { FulfillmentOrderResolver, StockNodeResolver, StockResolver } from './stock.resolver.ts'
import { StockLevel } from './stock-level.ts'
import { StockNode } from './stock-node.ts'
import { promiseRevised } from './subscriptions.ts'

export type { ImportedFigure, ImportedNode, ImportedStock, StockImportResult } from './import-stock.ts'
export type { DetectedIntent, Note } from './intents/intent-model.ts'

/** The routing room at work. */
export interface StartedRouting extends Subgraph {
  /** Loads stock nodes and figures in bulk; the same again changes nothing. */
  importStock(stock: ImportedStock): Promise<StockImportResult>
}

/** Notes become intents, stock becomes reservations, both become a promise. */
export const routing: Room<StartedRouting> = {
  name: ROOM,
  sdl: async () => (await schemaOf(null)).sdl,
  subscriptions: [promiseRevised],
  start
}

/** What a note asks for, as routing itself reads it; needs no database. */
export function detectIntents(note: Note): readonly DetectedIntent[] {
  return ruleModel.detect(note)
}

async function start({ openDatabase, log, router, clock, zone, logger }: RoomDeps): Promise<StartedRouting> {
  const opened = new Opened()
  try {
    const database = opened.use(await openDatabase({ name: ROOM, entities: ENTITIES, migrations: MIGRATIONS }))
    const outbox = opened.use(startOutbox({ database, log, logger }))
    const deps: RoutingDeps = { database, outbox, clock, router, zone, model: ruleModel }
    const { schema } = await schemaOf(deps)
    const handlers = {
      'order.submitted': recordOrder(deps),
      'order.paid': routeOrder(deps),
      'order.shipped': closeOrder(deps, 'SHIPPED'),
      'order.cancelled': closeOrder(deps, 'CANCELLED'),
      'production-order.acknowledged': revisePromise(deps)
    }
    const reader = opened.use(startReader({ name: ROOM, database, log, outbox, logger, handlers }))
    return {
      name: ROOM,
      schema,
      applied: position => reader.applied(position),
      importStock: stock => importStock(deps, stock),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

const ENTITIES = [
  ...ROOM_ENTITIES,
  RoutedOrder,
  ProductionPromise,
  Intent,
  OrderPromise,
  FulfillmentOrder,
  FulfillmentLine,
  StockNode,
  StockLevel
]
const MIGRATIONS = [...ROOM_MIGRATIONS, Routing1790000000000]

function schemaOf(deps: RoutingDeps | null) {
  const reads = deps?.database.reads
  return buildRoomSchema({
    resolvers: new Map<Parameters<SchemaParts['resolvers']['get']>[0], object | null>([
      [OrderResolver, reads ? new OrderResolver(reads) : null],
      [StockResolver, deps && new StockResolver(deps)],
      [StockNodeResolver, new StockNodeResolver()],
      [FulfillmentOrderResolver, deps && new FulfillmentOrderResolver(deps)]
    ]),
    orphanedTypes: [Order, StockNode],
    references: {
      Order: ({ id }: { id: string }, context: Context) => reads && orderById(reads, context, id),
      StockNode: ({ id }: { id: string }, context: Context) => reads && nodeById(reads, context, id)
    }
  })
}
