import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { EntityManager } from 'typeorm'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { decisionOf, fulfillmentsOf, intentsOf, promisesOf } from './find-routing.ts'
import { FulfillmentOrder } from './fulfillment-order.ts'
import { Intent } from './intent.ts'
import { Order } from './order.ts'
import { OrderPromise } from './order-promise.ts'
import { RoutingDecision } from './routing-decision.ts'

/** What routing adds to an order. */
@Resolver(() => Order)
export class OrderResolver {
  readonly #reads: EntityManager

  constructor(reads: EntityManager) {
    this.#reads = reads
  }

  @FieldResolver(() => [Intent], { description: 'What the note asks for.' })
  @Directive('@owner(department: "fulfillment")')
  @Directive('@derivedFrom(fields: ["Order.note"])')
  intents(@Root() order: Order, @Ctx() context: Context): Promise<readonly Intent[]> {
    return intentsOf(this.#reads, context, order)
  }

  @FieldResolver(() => OrderPromise, { nullable: true, description: 'The promise that stands.' })
  @Directive('@owner(department: "fulfillment")')
  async promise(@Root() order: Order, @Ctx() context: Context): Promise<OrderPromise | null> {
    return (await promisesOf(this.#reads, context, order)).at(-1) ?? null
  }

  @FieldResolver(() => [OrderPromise], { description: 'Every promise that was made, the first one first.' })
  @Directive('@owner(department: "fulfillment")')
  promiseHistory(@Root() order: Order, @Ctx() context: Context): Promise<readonly OrderPromise[]> {
    return promisesOf(this.#reads, context, order)
  }

  @FieldResolver(() => [FulfillmentOrder], { description: 'Who sends what of it.' })
  @Directive('@owner(department: "fulfillment")')
  fulfillmentOrders(@Root() order: Order, @Ctx() context: Context): Promise<readonly FulfillmentOrder[]> {
    return fulfillmentsOf(this.#reads, context, order)
  }

  @FieldResolver(() => RoutingDecision, { nullable: true, description: 'Null until it is routed.' })
  @Directive('@owner(department: "fulfillment")')
  routing(@Root() order: Order, @Ctx() context: Context): Promise<RoutingDecision | null> {
    return decisionOf(this.#reads, context, order)
  }
}
