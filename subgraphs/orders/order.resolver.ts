import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import type { Database } from '../../platform/database/database.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { Customer } from './customer.ts'
import { keysOf, Order } from './order.ts'
import { OrderLine } from './order-line.ts'
import { OrderConnection, Viewer } from './order-payloads.ts'
import { Channel } from './order-status.ts'
import { TimelineEntry } from './order-values.ts'
import { OrdersArgs } from './orders-args.ts'
import { customersByIds, linesByOrder, timelinesByOrder, visibleLines } from './read-details.ts'
import { listOrders, ordersByIds, visibleOrders } from './read-orders.ts'

@Resolver(() => Order)
export class OrderResolver {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Also how the router finds an order by its key. */
  @Query(() => Order, { nullable: true })
  @Directive('@owner(department: "sales")')
  order(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Order | null> {
    const { reads } = this.#database
    return batched(context, 'orders', ids => ordersByIds(reads, context.access, ids))(id)
  }

  @Query(() => OrderConnection)
  @Directive('@owner(department: "sales")')
  orders(@Args(() => OrdersArgs) args: OrdersArgs, @Ctx() context: Context): Promise<Connection<Order>> {
    return listOrders(this.#database.reads, context.access, args)
  }

  @Query(() => Order, { nullable: true })
  @Directive('@owner(department: "sales")')
  orderByExternalId(
    @Arg('channel', () => Channel) channel: Channel,
    @Arg('externalId', () => String) externalId: string,
    @Ctx() context: Context
  ): Promise<Order | null> {
    return visibleOrders(this.#database.reads, context.access)
      .andWhere('o.channel = :channel AND o.externalId = :externalId', { channel, externalId })
      .getOne()
  }

  @Query(() => Viewer, { description: 'Who is asking.' })
  @Directive('@commons')
  viewer(@Ctx() { access }: Context): Viewer {
    return { id: access.consumer, party: access.party, company: access.company }
  }

  @FieldResolver(() => [OrderLine], { description: 'A supplier sees its own lines only.' })
  async lines(@Root() order: Order, @Ctx() context: Context): Promise<readonly OrderLine[]> {
    const load = batched(context, 'lines', ids => linesByOrder(this.#database.reads, ids))
    return visibleLines(order, await load(order.id), context.access)
  }

  @FieldResolver(() => Customer, { nullable: true })
  customer(@Root() order: Order, @Ctx() context: Context): Promise<Customer | null> {
    const { reads } = this.#database
    return batched(context, 'customers', ids => customersByIds(reads, context.access, ids))(order.customerId)
  }

  @FieldResolver(() => [TimelineEntry], { description: 'What happened to the order, from the first.' })
  async timeline(@Root() order: Order, @Ctx() context: Context): Promise<readonly TimelineEntry[]> {
    const load = batched(context, 'timelines', ids => timelinesByOrder(this.#database.reads, ids))
    return (await load(order.id)) ?? []
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() order: Order, @Ctx() { access }: Context): number {
    return metScopes(keysOf(order), access.read['Order'])
  }
}
