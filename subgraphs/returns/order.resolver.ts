import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { returnsOfOrder } from './find-returns.ts'
import { Order } from './order.ts'
import { Return } from './return.ts'

@Resolver(() => Order)
export class OrderResolver {
  constructor(private readonly database: Database) {}

  @FieldResolver(() => [Return], { description: 'What was asked back of this order, the oldest first.' })
  @Directive('@owner(department: "service")')
  returns(@Root() order: Order, @Ctx() context: Context): Promise<readonly Return[]> {
    return returnsOfOrder(this.database.reads, context, order.id)
  }
}
