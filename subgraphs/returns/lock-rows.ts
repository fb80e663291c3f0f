import type { EntityManager, FindOneOptions } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { OrderLine } from './order-line.ts'
import { Return } from './return.ts'
import { ReturnLine } from './return-line.ts'

/** Nobody else changes the rows before the transaction ends; SQLite has one writer anyway. */
function forUpdate(dialect: Database['dialect']): Pick<FindOneOptions, 'lock'> {
  return dialect === 'mysql' ? { lock: { mode: 'pessimistic_write' } } : {}
}

/** An order's lines, locked, always in the same order so that two requests cannot wait for each other. */
export function lockOrderLines(
  dialect: Database['dialect'],
  manager: EntityManager,
  orderId: string
): Promise<readonly OrderLine[]> {
  return manager.find(OrderLine, { where: { orderId }, order: { lineId: 'ASC' }, ...forUpdate(dialect) })
}

/** A return, locked, with its lines; null when there is none. */
export async function lockReturn(
  dialect: Database['dialect'],
  manager: EntityManager,
  id: string
): Promise<{ readonly row: Return; readonly lines: readonly ReturnLine[] } | null> {
  const row = await manager.findOne(Return, { where: { id }, ...forUpdate(dialect) })
  if (!row) return null
  return { row, lines: await manager.find(ReturnLine, { where: { returnId: id }, order: { lineId: 'ASC' } }) }
}
