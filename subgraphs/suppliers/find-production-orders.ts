import { type EntityManager, In, type SelectQueryBuilder } from 'typeorm'
import { groupBy } from '../../platform/group-by.ts'
import { OrderShadow, shadowColumns } from '../../platform/scope/order-shadow.ts'
import { scopeWhere } from '../../platform/scope/where.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { BomLine, ProductionOrder } from './production-order.ts'

const COLUMNS = { ...shadowColumns('s'), supplierIds: 'p.supplier_id' }

/** The production orders that the caller may see, as alias `p`. */
export function visibleProductionOrders(
  reads: EntityManager,
  { access }: Context
): SelectQueryBuilder<ProductionOrder> {
  const { sql, parameters } = scopeWhere(access.read['ProductionOrder'], COLUMNS)
  return reads
    .createQueryBuilder(ProductionOrder, 'p')
    .innerJoinAndMapOne('p.shadow', OrderShadow, 's', 's.orderId = p.orderId')
    .where('p.company = :company', { company: access.company })
    .andWhere(sql, parameters)
}

/** One by id, gathered with the others of the tick; null when there is none or the caller may not see it. */
export function productionOrderById(
  reads: EntityManager,
  context: Context,
  id: string
): Promise<ProductionOrder | null> {
  return batched(context, 'ProductionOrder', async ids => {
    const rows = await visibleProductionOrders(reads, context).andWhere('p.id IN (:...ids)', { ids }).getMany()
    return new Map(rows.map(row => [row.id, row]))
  })(id)
}

/** An order's visible production orders, by SKU. */
export async function productionOrdersOfOrder(
  reads: EntityManager,
  context: Context,
  orderId: string
): Promise<readonly ProductionOrder[]> {
  const load = batched<readonly ProductionOrder[]>(context, 'Order.productionOrders', async ids => {
    const rows = await visibleProductionOrders(reads, context)
      .andWhere('p.order_id IN (:...ids)', { ids })
      .orderBy('p.sku')
      .getMany()
    return groupBy(rows, row => row.orderId)
  })
  return (await load(orderId)) ?? []
}

/** What a production order is made of. */
export async function bomOf(reads: EntityManager, context: Context, id: string): Promise<readonly BomLine[]> {
  const load = batched<readonly BomLine[]>(context, 'ProductionOrder.bom', async ids => {
    const rows = await reads.find(BomLine, { where: { productionOrderId: In([...ids]) }, order: { component: 'ASC' } })
    return groupBy(rows, row => row.productionOrderId)
  })
  return (await load(id)) ?? []
}
