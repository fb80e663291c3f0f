import type { GraphQLSchema } from 'graphql'
import { buildRoomSchema } from '../../platform/subgraph/schema.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { productionOrderById } from './find-production-orders.ts'
import { supplierById } from './find-suppliers.ts'
import { OrderResolver } from './order.resolver.ts'
import { Order } from './order.ts'
import { OrderStatisticsResolver } from './order-statistics.resolver.ts'
import { ProductionOrderResolver } from './production-order.resolver.ts'
import { ProductionOrder } from './production-order.ts'
import { SupplierResolver } from './supplier.resolver.ts'
import { Supplier } from './supplier.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'

interface Key {
  readonly id: string
}

/** The room's schema; without `deps` it can be printed but not asked. */
export function suppliersSchema(deps: SuppliersDeps | null): Promise<{ schema: GraphQLSchema; sdl: string }> {
  return buildRoomSchema({
    resolvers: new Map<new (...made: never) => object, object | null>([
      [SupplierResolver, deps && new SupplierResolver(deps.database)],
      [ProductionOrderResolver, deps && new ProductionOrderResolver(deps)],
      [OrderStatisticsResolver, deps && new OrderStatisticsResolver(deps)],
      [OrderResolver, deps && new OrderResolver(deps.database)]
    ]),
    orphanedTypes: [Supplier, ProductionOrder, Order],
    references: {
      Order: ({ id }: Key) => ({ id }),
      Supplier: ({ id }: Key, context: Context) => deps && supplierById(deps.database.reads, context, id),
      ProductionOrder: ({ id }: Key, context: Context) => deps && productionOrderById(deps.database.reads, context, id)
    }
  })
}
