import { type EntityManager, In } from 'typeorm'
import { groupBy } from '../../platform/group-by.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes, type ScopeKeys } from '../../platform/scope/scope.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import type { Order } from './order.ts'
import { StatusReport } from './status-report.ts'

/** Every bit: takes nothing from what other rooms say of an order that this one has not heard of. */
const NO_OPINION = -1

/** The order's entity; what the caller may not see of it, or is not known yet, is left out of its lists. */
export async function orderById(reads: EntityManager, context: Context, id: string): Promise<Order> {
  const { company, read } = context.access
  const keys = await keysOf(reads, context, id)
  if (!keys) return { id, metScopes: NO_OPINION }
  return { id, metScopes: keys.company === company ? metScopes(keys, read['Order']) : 0 }
}

/** What systems said of an order, the oldest first; nothing outside the caller's scopes. */
export async function reportsOf(
  reads: EntityManager,
  context: Context,
  orderId: string
): Promise<readonly StatusReport[]> {
  const { company, read } = context.access
  const load = batched<readonly StatusReport[]>(context, 'Order.statusReports', async ids => {
    const rows = await reads.find(StatusReport, {
      where: { company, orderId: In([...ids]) },
      order: { occurredAt: 'ASC', id: 'ASC' }
    })
    return groupBy(rows, row => row.orderId)
  })
  const [keys, reports] = await Promise.all([keysOf(reads, context, orderId), load(orderId)])
  const met = keys?.company === company ? metScopes(keys, read['StatusReport']) : 0
  return met === 0 ? [] : (reports ?? []).map(report => ({ ...report, metScopes: met }))
}

/** One report by id; null when there is none or the caller may not see it. */
export async function reportById(reads: EntityManager, context: Context, id: string): Promise<StatusReport | null> {
  const report = await reads.findOneBy(StatusReport, { id, company: context.access.company })
  if (!report) return null
  return (await reportsOf(reads, context, report.orderId)).find(visible => visible.id === id) ?? null
}

function keysOf(reads: EntityManager, context: Context, orderId: string): Promise<ScopeKeys | null> {
  return batched(context, 'Order', ids => shadowKeys(reads, ids))(orderId)
}
