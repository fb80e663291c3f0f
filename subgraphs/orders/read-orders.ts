import { Brackets, type EntityManager, type SelectQueryBuilder } from 'typeorm'
import { type Connection, paginate } from '../../platform/graphql/connection.ts'
import type { Access } from '../../platform/scope/scope.ts'
import { type ScopeColumns, scopeWhere } from '../../platform/scope/where.ts'
import { Order } from './order.ts'
import { OrderDirection, type OrderFilter, OrderOrderField, type OrdersArgs } from './orders-args.ts'

const COLUMNS: ScopeColumns = {
  orderId: 'o.id',
  channel: 'o.channel',
  customerId: 'o.customerId',
  supplierIds: { exists: 'SELECT 1 FROM order_lines s WHERE s.order_id = o.id AND s.supplier_id' },
  region: 'o.region',
  carrier: 'o.carrier'
}

const SORTED_BY = {
  [OrderOrderField.PLACED_AT]: 'placedAt',
  [OrderOrderField.NUMBER]: 'number',
  [OrderOrderField.TOTAL]: 'totalMinor'
} as const

/** The orders that the caller may see: each meets at least one of its scopes. */
export function visibleOrders(reads: EntityManager, access: Access): SelectQueryBuilder<Order> {
  const { sql, parameters } = scopeWhere(access.read['Order'], COLUMNS)
  return reads
    .createQueryBuilder(Order, 'o')
    .where('o.company = :company', { company: access.company })
    .andWhere(sql, parameters)
}

/** Visible orders by id. */
export async function ordersByIds(
  reads: EntityManager,
  access: Access,
  ids: readonly string[]
): Promise<ReadonlyMap<string, Order>> {
  const orders = await visibleOrders(reads, access).andWhere('o.id IN (:...ids)', { ids }).getMany()
  return new Map(orders.map(order => [order.id, order]))
}

/** One page of visible orders. Throws Fault BAD_USER_INPUT for paging that makes no sense. */
export function listOrders(reads: EntityManager, access: Access, args: OrdersArgs): Promise<Connection<Order>> {
  const { filter, orderBy } = args
  const query = visibleOrders(reads, access)
  if (filter) narrow(query, filter)
  const by = SORTED_BY[orderBy?.field ?? OrderOrderField.PLACED_AT]
  const direction = orderBy?.direction ?? OrderDirection.DESC
  return paginate({ query, visible: visibleOrders(reads, access), sort: { by, direction }, args })
}

function narrow(query: SelectQueryBuilder<Order>, filter: OrderFilter): void {
  const { channel, status, customerId, region, supplierId, placedFrom, placedTo, numberPrefix } = filter
  if (channel) query.andWhere(anyOf('o.channel', 'channels', channel))
  if (status) query.andWhere(anyOf('o.status', 'statuses', status))
  if (customerId != null) query.andWhere('o.customerId = :customerId', { customerId })
  if (region != null) query.andWhere('o.region = :region', { region })
  if (supplierId != null) {
    query.andWhere('EXISTS (SELECT 1 FROM order_lines f WHERE f.order_id = o.id AND f.supplier_id = :supplierId)', {
      supplierId
    })
  }
  if (placedFrom != null) query.andWhere('o.placedAt >= :placedFrom', { placedFrom })
  if (placedTo != null) query.andWhere('o.placedAt < :placedTo', { placedTo })
  if (numberPrefix) {
    // A range, for LIKE would read the caller's % and _ and, in SQLite, no case.
    query.andWhere('o.number >= :prefix AND o.number < :beyond', {
      prefix: numberPrefix,
      beyond: `${numberPrefix}\uffff`
    })
  }
}

/** An empty list is no wish, and an IN () is no SQL; a value said many times is said once, for parameters are few. */
function anyOf(column: string, name: string, listed: readonly string[]): Brackets {
  const values = [...new Set(listed)]
  return new Brackets(where =>
    where.where(values.length === 0 ? '1=0' : `${column} IN (:...${name})`, { [name]: values })
  )
}
