import { Arg, Args, Ctx, Directive, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { type Connection, connectionOf, paginate } from '../../platform/graphql/connection.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { acknowledgeProductionOrder } from './acknowledge-production-order.ts'
import { bomOf, productionOrderById, visibleProductionOrders } from './find-production-orders.ts'
import { supplierById } from './find-suppliers.ts'
import { Order } from './order.ts'
import { BomLine, DeliveryPromise, keysOfProductionOrder, ProductionOrder } from './production-order.ts'
import { AcknowledgeProductionOrderInput, ProductionOrdersArgs } from './production-order-inputs.ts'
import { AcknowledgeProductionOrderPayload } from './production-order-payloads.ts'
import { Supplier } from './supplier.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'

const ProductionOrders = connectionOf(ProductionOrder, 'ProductionOrder')

@Resolver(() => ProductionOrder)
export class ProductionOrderResolver {
  constructor(private readonly deps: SuppliersDeps) {}

  @Query(() => ProductionOrders.Connection, { description: 'In order of their ids, which tells nothing.' })
  @Directive('@owner(department: "procurement")')
  productionOrders(
    @Args(() => ProductionOrdersArgs) args: ProductionOrdersArgs,
    @Ctx() context: Context
  ): Promise<Connection<ProductionOrder>> {
    const visible = visibleProductionOrders(this.deps.database.reads, context)
    const query = visible.clone()
    const { orderId, supplierId, status } = args.filter ?? {}
    if (orderId != null) query.andWhere('p.order_id = :orderId', { orderId })
    if (supplierId != null) query.andWhere('p.supplier_id = :supplierId', { supplierId })
    if (status?.length === 0) query.andWhere('1=0')
    else if (status) query.andWhere('p.status IN (:...status)', { status: [...new Set(status)] })
    return paginate({ query, visible, args })
  }

  @Mutation(() => AcknowledgeProductionOrderPayload, {
    description: 'The supplier’s answer: when, and how many. Given once.'
  })
  @Directive('@owner(department: "procurement")')
  async acknowledgeProductionOrder(
    @Arg('input', () => AcknowledgeProductionOrderInput) input: AcknowledgeProductionOrderInput,
    @Ctx() context: Context
  ): Promise<AcknowledgeProductionOrderPayload> {
    const { id, userErrors } = await acknowledgeProductionOrder(this.deps, context, input)
    const row = id === null ? null : await productionOrderById(this.deps.database.reads, context, id)
    return { productionOrder: row, userErrors }
  }

  /** Nullable, for who sees the production order may be refused the supplier. */
  @FieldResolver(() => Supplier, { nullable: true })
  supplier(@Root() row: ProductionOrder, @Ctx() context: Context): Promise<Supplier | null> {
    return supplierById(this.deps.database.reads, context, row.supplierId)
  }

  /** Nullable, for who sees the production order may be refused the order. */
  @FieldResolver(() => Order, { nullable: true })
  order(@Root() row: ProductionOrder): Order {
    return { id: row.orderId }
  }

  @FieldResolver(() => [BomLine], { description: 'As it was when the production order was triggered.' })
  bom(@Root() row: ProductionOrder, @Ctx() context: Context): Promise<readonly BomLine[]> {
    return bomOf(this.deps.database.reads, context, row.id)
  }

  @FieldResolver(() => DeliveryPromise, { nullable: true, description: 'The supplier’s, once it has acknowledged.' })
  promise(@Root() { promisedDate, promisedQuantity, acknowledgedAt }: ProductionOrder): DeliveryPromise | null {
    if (promisedDate === null || promisedQuantity === null || acknowledgedAt === null) return null
    return { date: promisedDate, quantity: promisedQuantity, acknowledgedAt }
  }

  @FieldResolver(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes(@Root() row: ProductionOrder, @Ctx() { access }: Context): number {
    return metScopes(keysOfProductionOrder(row.shadow, row.supplierId), access.read['ProductionOrder'])
  }
}
