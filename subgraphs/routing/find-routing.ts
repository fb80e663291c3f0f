import { type EntityManager, type EntityTarget, In, type ObjectLiteral } from 'typeorm'
import { groupBy } from '../../platform/group-by.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes, type ScopeKeys } from '../../platform/scope/scope.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { FulfillmentLine, FulfillmentOrder } from './fulfillment-order.ts'
import { Intent } from './intent.ts'
import type { Order } from './order.ts'
import { OrderPromise } from './order-promise.ts'
import { RoutedOrder } from './routed-order.ts'
import type { RoutingDecision } from './routing-decision.ts'

/** Every bit: takes nothing from what other rooms say of an order that this one has not heard of. */
const NO_OPINION = -1

/** The order's entity; what the caller may not see, or is not known yet, has nothing on it (semantics W2). */
export async function orderById(reads: EntityManager, context: Context, id: string): Promise<Order> {
  const { company, read } = context.access
  const keys = await batched(context, 'Order', ids => shadowKeys(reads, ids))(id)
  if (!keys) return { id, keys: null, metScopes: NO_OPINION }
  const met = keys.company === company ? metScopes(keys, read['Order']) : 0
  return { id, keys: met === 0 ? null : keys, metScopes: met }
}

export function intentsOf(reads: EntityManager, context: Context, order: Order): Promise<readonly Intent[]> {
  return ofOrder(reads, context, Intent, 'ordinal', order)
}

/** Every promise that was made, the first one first. */
export function promisesOf(reads: EntityManager, context: Context, order: Order): Promise<readonly OrderPromise[]> {
  return ofOrder(reads, context, OrderPromise, 'revision', order)
}

export async function decisionOf(
  reads: EntityManager,
  context: Context,
  order: Order
): Promise<RoutingDecision | null> {
  const [routed] = await ofOrder(reads, context, RoutedOrder, 'orderId', order)
  return routed?.decision ?? null
}

/** The parts of an order that the caller may see; of suppliers, only those whose lines a part holds decide. */
export async function fulfillmentsOf(
  reads: EntityManager,
  context: Context,
  order: Order
): Promise<readonly FulfillmentOrder[]> {
  const { keys } = order
  if (keys === null) return []
  const { read } = context.access
  const rows = await ofOrder(reads, context, FulfillmentOrder, 'id', order)
  const found = await Promise.all(
    rows.map(async row => {
      const all = await linesOf(reads, context, row.id)
      const lines = all.map(line => ({
        ...line,
        metScopes: metScopes(keysOf(keys, [line]), read['FulfillmentLine'])
      }))
      const met = metScopes(keysOf(keys, all), read['FulfillmentOrder'])
      return { ...row, lines: lines.filter(line => line.metScopes > 0), metScopes: met }
    })
  )
  return found.filter(part => part.metScopes > 0)
}

async function linesOf(reads: EntityManager, context: Context, id: string): Promise<readonly FulfillmentLine[]> {
  const load = batched<readonly FulfillmentLine[]>(context, 'FulfillmentOrder.lines', async ids => {
    const rows = await reads.find(FulfillmentLine, {
      where: { fulfillmentOrderId: In([...ids]) },
      order: { fulfillmentOrderId: 'ASC', lineId: 'ASC' }
    })
    return groupBy(rows, row => row.fulfillmentOrderId)
  })
  return (await load(id)) ?? []
}

function keysOf(order: ScopeKeys, lines: readonly FulfillmentLine[]): ScopeKeys {
  return { ...order, supplierIds: [...new Set(lines.flatMap(line => line.supplierId ?? []))] }
}

/** Rows of many orders in one query; none of an order that the caller may not see. */
async function ofOrder<Row extends ObjectLiteral & { readonly orderId: string }>(
  reads: EntityManager,
  context: Context,
  entity: EntityTarget<Row> & { readonly name: string },
  sort: keyof Row & string,
  order: Order
): Promise<readonly Row[]> {
  if (order.keys === null) return []
  const load = batched<readonly Row[]>(context, entity.name, async ids => {
    const rows = await reads
      .createQueryBuilder(entity, 'r')
      .where('r.orderId IN (:...ids)', { ids })
      .orderBy(`r.${sort}`)
      .getMany()
    return groupBy(rows, row => row.orderId)
  })
  return (await load(order.id)) ?? []
}
