import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { startReader } from '../../platform/log/reader.ts'
import { Opened } from '../../platform/opened.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import type { Room } from '../../platform/subgraph/room.ts'
import type { Subgraph } from '../../platform/subgraph/subgraph.ts'
import { answerReturns } from './answer-returns.ts'
import { Customer } from './customer.ts'
import { orderStatusChanged, ROOM } from './events.ts'
import type { ImportedOrder, ImportedStatus } from './import-order.ts'
import { type ImportResult, importOrders } from './import-orders.ts'
import { type ImportedProduct, type ImportedProductResult, importProducts } from './import-products.ts'
import { Orders1790000000000 } from './migrations/1790000000000-orders.ts'
import { Order } from './order.ts'
import { OrderHistory } from './order-history.ts'
import { OrderLine } from './order-line.ts'
import { Product } from './product.ts'
import { ordersSchema } from './schema.ts'

export type { ImportedOrder, ImportedProduct, ImportedProductResult, ImportedStatus, ImportResult }

/** The orders room at work. */
export interface StartedOrders extends Subgraph {
  /** Takes in orders of other systems with their past; the results stand in the order of the batch. */
  importOrders(batch: readonly ImportedOrder[]): Promise<readonly ImportResult[]>
  /** Takes in a catalogue; import it before the orders, whose events name its categories. */
  importProducts(batch: readonly ImportedProduct[]): Promise<readonly ImportedProductResult[]>
  /** Resolves once all that is committed is in the log. */
  flush(): Promise<void>
}

/** Orders, owned by sales: the one writer of the order's statechart (semantics W1). */
export const orders: Room<StartedOrders> = {
  name: ROOM,
  subscriptions: [orderStatusChanged],
  sdl: async () => (await ordersSchema(null)).sdl,
  async start({ openDatabase, log, clock, logger }) {
    const opened = new Opened()
    try {
      const database = opened.use(
        await openDatabase({
          name: ROOM,
          entities: [...ROOM_ENTITIES, Order, OrderLine, OrderHistory, Customer, Product],
          migrations: [...ROOM_MIGRATIONS, Orders1790000000000]
        })
      )
      const outbox = opened.use(startOutbox({ database, log, logger }))
      const deps = { database, outbox, clock }
      const { schema } = await ordersSchema(deps)
      const handlers = answerReturns(deps)
      // The order's row has the scope keys itself, so it needs no shadow of them.
      const reader = opened.use(startReader({ name: ROOM, database, log, outbox, logger, handlers, shadow: false }))
      return {
        name: ROOM,
        schema,
        applied: position => reader.applied(position),
        importOrders: batch => importOrders(deps, batch),
        importProducts: batch => importProducts(deps, batch),
        flush: async () => void (await outbox.flush([])),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
      }
    } catch (error) {
      await opened[Symbol.asyncDispose]()
      throw error
    }
  }
}
