import { Args, Ctx, Directive, Query, Resolver } from 'type-graphql'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { countOrders } from './count-orders.ts'
import { OrderStatistics, OrderStatisticsArgs } from './order-statistics.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'

@Resolver()
export class OrderStatisticsResolver {
  constructor(private readonly deps: SuppliersDeps) {}

  @Query(() => OrderStatistics, {
    description:
      'De-identified, over whole calendar months of the company’s zone. Cells of fewer than 5 orders are withheld, and with them ' +
      'the smallest others, as far as a total minus what is shown would tell of them. A cell of several months is shown when ' +
      'it is in each of them. What is left: answers by different dimensions are suppressed each on its own, and the running ' +
      'month grows from one asking to the next.'
  })
  @Directive('@owner(department: "sales")')
  orderStatistics(
    @Args(() => OrderStatisticsArgs) args: OrderStatisticsArgs,
    @Ctx() context: Context
  ): Promise<OrderStatistics> {
    return countOrders(this.deps, context, args)
  }
}
