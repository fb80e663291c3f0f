import { Arg, Ctx, Directive, FieldResolver, Float, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { type Connection, connectionOf } from '../../platform/graphql/connection.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { findStock, levelById, nodeById } from './find-stock.ts'
import { FulfillmentOrder } from './fulfillment-order.ts'
import { reportStock } from './report-stock.ts'
import type { RoutingDeps } from './routing-deps.ts'
import { InventoryFilter, ReportStockInput, ReportStockPayload } from './stock-inputs.ts'
import { StockLevel } from './stock-level.ts'
import { keysOfNode, StockNode } from './stock-node.ts'

const { Connection: InventoryConnection } = connectionOf(StockLevel, 'Inventory')

/** Stock as it is known, and how its sources report it. */
@Resolver(() => StockLevel)
export class StockResolver {
  readonly #deps: RoutingDeps

  constructor(deps: RoutingDeps) {
    this.#deps = deps
  }

  @Query(() => InventoryConnection, { description: 'Stock figures, by node, article or region.' })
  @Directive('@owner(department: "fulfillment")')
  inventory(
    @Ctx() context: Context,
    @Arg('filter', () => InventoryFilter, { nullable: true }) filter: InventoryFilter | null,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('last', () => Int, { nullable: true }) last: number | null,
    @Arg('before', () => String, { nullable: true }) before: string | null
  ): Promise<Connection<StockLevel>> {
    return findStock(this.#deps.database.reads, context, filter, { first, after, last, before })
  }

  @Mutation(() => ReportStockPayload, { description: 'A source says how much of an article a node has.' })
  @Directive('@owner(department: "fulfillment")')
  async reportStock(
    @Ctx() context: Context,
    @Arg('input', () => ReportStockInput) input: ReportStockInput
  ): Promise<ReportStockPayload> {
    const { id, userErrors } = await reportStock(this.#deps, context, input)
    return { level: id === null ? null : await levelById(this.#deps.database.reads, context, id), userErrors }
  }

  @FieldResolver(() => StockNode, { nullable: true, description: 'Null when the caller may not see the node.' })
  node(@Root() { nodeId }: StockLevel, @Ctx() context: Context): Promise<StockNode | null> {
    return nodeById(this.#deps.database.reads, context, nodeId)
  }

  @FieldResolver(() => Float, { description: 'Seconds since the source counted.' })
  ageSeconds(@Root() { occurredAt }: StockLevel): number {
    return Math.max(0, (this.#deps.clock.now() - Date.parse(occurredAt)) / 1000)
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() level: StockLevel, @Ctx() { access }: Context): number {
    return metScopes(keysOfNode(level), access.read['StockLevel'])
  }
}

/** A node by itself. */
@Resolver(() => StockNode)
export class StockNodeResolver {
  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() node: StockNode, @Ctx() { access }: Context): number {
    return metScopes(keysOfNode(node), access.read['StockNode'])
  }
}

/** Where a part of an order comes from. */
@Resolver(() => FulfillmentOrder)
export class FulfillmentOrderResolver {
  readonly #deps: RoutingDeps

  constructor(deps: RoutingDeps) {
    this.#deps = deps
  }

  @FieldResolver(() => StockNode, { nullable: true, description: 'Null when the caller may not see the node.' })
  node(@Root() { nodeId }: FulfillmentOrder, @Ctx() context: Context): Promise<StockNode | null> {
    return nodeById(this.#deps.database.reads, context, nodeId)
  }
}
