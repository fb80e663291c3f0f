import type { EntityManager } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import { orderEvent } from './events.ts'
import { Order, type OrderRow } from './order.ts'
import { OrderHistory } from './order-history.ts'
import { type Regions, statusOf } from './order-machine.ts'

/** One order of the company under its row's lock, or null. SQLite has one writer anyway. */
export function lockOrder(
  manager: EntityManager,
  dialect: Database['dialect'],
  company: string,
  id: string
): Promise<Order | null> {
  const lock = dialect === 'mysql' ? { lock: { mode: 'pessimistic_write' as const } } : {}
  return manager.findOne(Order, { where: { company, id }, ...lock })
}

/** What happens to an order: the event that says so, and what changes with it. */
export interface Step {
  readonly event: string
  readonly at: string
  /** The consumer or room that does it. */
  readonly actor: string
  readonly regions: Regions
  readonly set?: Pick<Partial<OrderRow>, 'carrier' | 'cancelReason'>
  readonly data: LogEvent['data']
}

/** Writes the next version of a locked order: its row, its history and its event, all in the caller's transaction. */
export async function advanceOrder(tx: ReaderTx, before: Order, step: Step): Promise<void> {
  const { event, at, actor, regions } = step
  const changed = { ...step.set, regions, status: statusOf(regions), version: before.version + 1 }
  const { id: orderId } = before
  await tx.manager.update(Order, { id: orderId }, changed)
  const { version, status } = changed
  await tx.manager.insert(OrderHistory, { orderId, version, at, status, event, actor })
  tx.emit(orderEvent({ ...before, ...changed }, event, at, step.data))
}
