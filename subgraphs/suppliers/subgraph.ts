import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { startReader } from '../../platform/log/reader.ts'
import { Opened } from '../../platform/opened.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import type { Room } from '../../platform/subgraph/room.ts'
import type { Subgraph } from '../../platform/subgraph/subgraph.ts'
import { BomComponent } from './bom-component.ts'
import { type ImportedBom, importBoms } from './import-boms.ts'
import { type ImportCounts, type ImportedSupplier, importSuppliers } from './import-suppliers.ts'
import { learnOrders } from './learn-orders.ts'
import { Suppliers1790000000000 } from './migrations/1790000000000-suppliers.ts'
import { OrderLineFact, OrderPromise } from './order-facts.ts'
import { BomLine, ProductionOrder } from './production-order.ts'
import { suppliersSchema } from './schema.ts'
import { productionOrderTriggered } from './subscriptions.ts'
import { Supplier } from './supplier.ts'
import { triggerProduction } from './trigger-production.ts'

export type { ImportedBom, ImportedBomLine } from './import-boms.ts'
export type { ImportCounts, ImportedSupplier } from './import-suppliers.ts'

/** The suppliers room at work, with what loads its master data. Both imports are all or nothing, and idempotent. */
export interface StartedSuppliers extends Subgraph {
  importSuppliers(list: readonly ImportedSupplier[], company?: string): Promise<ImportCounts>
  importBoms(list: readonly ImportedBom[], company?: string): Promise<ImportCounts>
}

const NAME = 'suppliers'
const DEFAULT_COMPANY = 'demo'

/** Suppliers, what they are asked to make, and the aggregates they may see; owned by procurement. */
export const suppliers: Room<StartedSuppliers> = {
  name: NAME,
  subscriptions: [productionOrderTriggered],
  sdl: async () => (await suppliersSchema(null)).sdl,
  async start({ openDatabase, log, clock, zone, logger }) {
    const opened = new Opened()
    try {
      const database = opened.use(
        await openDatabase({
          name: NAME,
          entities: [...ROOM_ENTITIES, Supplier, BomComponent, ProductionOrder, BomLine, OrderLineFact, OrderPromise],
          migrations: [...ROOM_MIGRATIONS, Suppliers1790000000000]
        })
      )
      const outbox = opened.use(startOutbox({ database, log, logger }))
      const deps = { database, outbox, clock, zone }
      const { schema } = await suppliersSchema(deps)
      const handlers = { ...learnOrders(deps), 'stock.shortage': triggerProduction(deps, logger) }
      const reader = opened.use(startReader({ name: NAME, database, log, outbox, logger, handlers }))
      return {
        name: NAME,
        schema,
        applied: position => reader.applied(position),
        importSuppliers: (list, company = DEFAULT_COMPANY) => importSuppliers(database, list, company),
        importBoms: (list, company = DEFAULT_COMPANY) => importBoms(database, list, company),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
      }
    } catch (error) {
      await opened[Symbol.asyncDispose]()
      throw error
    }
  }
}
