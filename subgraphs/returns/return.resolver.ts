import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import { type Connection, connectionOf, paginate } from '../../platform/graphql/connection.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { linesOfReturn, metByLine, returnById, visibleReturns } from './find-returns.ts'
import { Order } from './order.ts'
import { keysOfReturn, Return } from './return.ts'
import { ReturnsArgs } from './return-inputs.ts'
import { ReturnLine } from './return-line.ts'

const Returns = connectionOf(Return, 'Return')

@Resolver(() => Return)
export class ReturnResolver {
  constructor(private readonly database: Database) {}

  @Query(() => Return, { nullable: true })
  @Directive('@owner(department: "service")')
  return(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Return | null> {
    return returnById(this.database.reads, context, id)
  }

  @Query(() => Returns.Connection, { description: 'In order of their ids, which tells nothing.' })
  @Directive('@owner(department: "service")')
  returns(@Args(() => ReturnsArgs) args: ReturnsArgs, @Ctx() context: Context): Promise<Connection<Return>> {
    const visible = visibleReturns(this.database.reads, context)
    const query = visible.clone()
    const { filter } = args
    if (filter?.orderId != null) query.andWhere('r.order_id = :orderId', { orderId: filter.orderId })
    if (filter?.status?.length === 0) query.andWhere('1=0')
    else if (filter?.status) query.andWhere('r.status IN (:...status)', { status: [...new Set(filter.status)] })
    return paginate({ query, visible, args })
  }

  /** Nullable, for who sees the return may be refused the order. */
  @FieldResolver(() => Order, { nullable: true })
  order(@Root() row: Return): Order {
    return { id: row.orderId }
  }

  @FieldResolver(() => [ReturnLine])
  async lines(@Root() row: Return, @Ctx() context: Context): Promise<readonly ReturnLine[]> {
    const lines = await linesOfReturn(this.database.reads, context, row.id)
    return lines
      .map(line => ({ ...line, metScopes: metByLine(context, row, line) }))
      .filter(line => line.metScopes !== 0)
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  async metScopes(@Root() row: Return, @Ctx() context: Context): Promise<number> {
    const lines = await linesOfReturn(this.database.reads, context, row.id)
    const suppliers = lines.flatMap(line => line.supplierId ?? [])
    return metScopes(keysOfReturn(row.shadow, suppliers), context.access.read['Return'])
  }
}
