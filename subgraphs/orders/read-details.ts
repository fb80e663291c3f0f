import { type EntityManager, In } from 'typeorm'
import { groupBy } from '../../platform/group-by.ts'
import { type Access, metScopes } from '../../platform/scope/scope.ts'
import { Customer, customerKeys } from './customer.ts'
import type { Order } from './order.ts'
import { keysOf } from './order.ts'
import { OrderHistory } from './order-history.ts'
import { OrderLine } from './order-line.ts'

/** Lines by order id, in the order in which they were placed. */
export async function linesByOrder(reads: EntityManager, orderIds: readonly string[]) {
  const lines = await reads.find(OrderLine, { where: { orderId: In([...orderIds]) }, order: { position: 'ASC' } })
  return groupBy(lines, ({ orderId }) => orderId)
}

/** The order's lines that the caller may see: each has the order's keys, but of the suppliers only its own. */
export function visibleLines(order: Order, lines: readonly OrderLine[] | null, access: Access): readonly OrderLine[] {
  return (lines ?? []).filter(line => {
    line.keys = { ...keysOf(order), supplierIds: line.supplierId === null ? [] : [line.supplierId] }
    return metScopes(line.keys, access.read['OrderLine']) !== 0
  })
}

/** History by order id, from the first event. */
export async function timelinesByOrder(reads: EntityManager, orderIds: readonly string[]) {
  const history = await reads.find(OrderHistory, { where: { orderId: In([...orderIds]) }, order: { version: 'ASC' } })
  return groupBy(history, ({ orderId }) => orderId)
}

/** Customers by id, of those that the caller may see. */
export async function customersByIds(
  reads: EntityManager,
  access: Access,
  ids: readonly string[]
): Promise<ReadonlyMap<string, Customer>> {
  const customers = await reads.findBy(Customer, { company: access.company, id: In([...ids]) })
  const visible = customers.filter(customer => metScopes(customerKeys(customer), access.read['Customer']) !== 0)
  return new Map(visible.map(customer => [customer.id, customer]))
}
