import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { startReader } from '../../platform/log/reader.ts'
import { Opened } from '../../platform/opened.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import type { Room } from '../../platform/subgraph/room.ts'
import type { Subgraph } from '../../platform/subgraph/subgraph.ts'
import { hearOrders } from './hear-orders.ts'
import { Returns1790000000000 } from './migrations/1790000000000-returns.ts'
import { OrderLine } from './order-line.ts'
import { Return } from './return.ts'
import { ReturnLine } from './return-line.ts'
import { returnsSchema } from './schema.ts'
import { returnUpdated } from './subscriptions.ts'

/** The returns room at work. */
export type StartedReturns = Subgraph

const NAME = 'returns'

/** Reverse orders, owned by service: asked for here, answered by orders through the log (semantics W1). */
export const returns: Room<StartedReturns> = {
  name: NAME,
  subscriptions: [returnUpdated],
  sdl: async () => (await returnsSchema(null)).sdl,
  async start({ openDatabase, log, clock, logger }) {
    const opened = new Opened()
    try {
      const database = opened.use(
        await openDatabase({
          name: NAME,
          entities: [...ROOM_ENTITIES, Return, ReturnLine, OrderLine],
          migrations: [...ROOM_MIGRATIONS, Returns1790000000000]
        })
      )
      const outbox = opened.use(startOutbox({ database, log, logger }))
      const deps = { database, outbox, clock }
      const { schema } = await returnsSchema(deps)
      const reader = opened.use(startReader({ name: NAME, database, log, outbox, logger, handlers: hearOrders(deps) }))
      return {
        name: NAME,
        schema,
        applied: position => reader.applied(position),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]()
      }
    } catch (error) {
      await opened[Symbol.asyncDispose]()
      throw error
    }
  }
}
