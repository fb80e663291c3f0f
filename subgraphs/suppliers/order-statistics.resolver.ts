import { Args, Ctx, Directive, Query, Resolver } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { countOrders } from './count-orders.ts'
import { OrderStatistics, OrderStatisticsArgs } from './order-statistics.ts'

@Resolver()
export class OrderStatisticsResolver {
  constructor(private readonly database: Database) {}

  @Query(() => OrderStatistics, {
    description: 'De-identified: cells of fewer than 5 orders are withheld, and counted as withheld.'
  })
  @Directive('@owner(department: "sales")')
  orderStatistics(
    @Args(() => OrderStatisticsArgs) args: OrderStatisticsArgs,
    @Ctx() context: Context
  ): Promise<OrderStatistics> {
    return countOrders(this.database.reads, context, args)
  }
}
