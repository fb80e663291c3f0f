import type { EntityManager } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { lockOrderLines } from './lock-rows.ts'
import { OrderLine } from './order-line.ts'
import type { ReturnLine } from './return-line.ts'

/** Gives back what a refused or declined return had taken, so that it can be asked for again. */
export async function releaseLines(
  dialect: Database['dialect'],
  manager: EntityManager,
  orderId: string,
  lines: readonly ReturnLine[]
): Promise<void> {
  for (const { lineId, returning } of await lockOrderLines(dialect, manager, orderId)) {
    const released = lines.find(line => line.lineId === lineId)?.quantity ?? 0
    if (released > 0) await manager.update(OrderLine, { orderId, lineId }, { returning: returning - released })
  }
}
