import type { GraphQLSchema } from 'graphql'
import { buildRoomSchema } from '../../platform/subgraph/schema.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { CustomerResolver } from './customer.resolver.ts'
import { OrderResolver } from './order.resolver.ts'
import { OrderLineResolver } from './order-line.resolver.ts'
import { OrderMutations } from './order-mutations.resolver.ts'
import type { OrdersDeps } from './orders-deps.ts'

interface Key {
  readonly id: string
}

/** The room's schema; without `deps` it can be printed but not asked. */
export function ordersSchema(deps: OrdersDeps | null): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const orders = deps && new OrderResolver(deps.database)
  const customers = deps && new CustomerResolver(deps.database)
  return buildRoomSchema({
    resolvers: new Map<new (...made: never[]) => object, object | null>([
      [OrderResolver, orders],
      [OrderLineResolver, deps && new OrderLineResolver(deps.database)],
      [CustomerResolver, customers],
      [OrderMutations, deps && new OrderMutations(deps)]
    ]),
    references: {
      Order: ({ id }: Key, context: Context) => orders?.order(id, context),
      Customer: ({ id }: Key, context: Context) => customers?.customer(id, context)
    }
  })
}
