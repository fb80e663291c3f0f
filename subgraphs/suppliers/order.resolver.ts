import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { productionOrdersOfOrder } from './find-production-orders.ts'
import { Order } from './order.ts'
import { ProductionOrder } from './production-order.ts'

@Resolver(() => Order)
export class OrderResolver {
  constructor(private readonly database: Database) {}

  @FieldResolver(() => [ProductionOrder], { description: 'What is made because stock ran short for this order.' })
  @Directive('@owner(department: "procurement")')
  productionOrders(@Root() order: Order, @Ctx() context: Context): Promise<readonly ProductionOrder[]> {
    return productionOrdersOfOrder(this.database.reads, context, order.id)
  }
}
