import type { EntityManager } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { invariant } from '../../platform/errors.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { RoutedOrder } from './routed-order.ts'

/** The event's order, kept from others until the transaction ends. An order that never arrived is a fault in sight. */
export async function lockRoutedOrder(
  manager: EntityManager,
  dialect: Database['dialect'],
  event: LogEvent
): Promise<RoutedOrder> {
  const orderId = event.keys.orderId ?? ''
  const order = await manager.findOne(RoutedOrder, {
    where: { orderId },
    ...(dialect === 'mysql' && { lock: { mode: 'pessimistic_write' as const } })
  })
  invariant(order, `${event.type} is about order ${orderId}, which was never submitted here`)
  return order
}
