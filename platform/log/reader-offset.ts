import type { EntityManager } from 'typeorm'
import type { Database } from '../database/database.ts'
import { forUpdate, insertIgnore } from '../database/dialect.ts'
import { invariant } from '../errors.ts'
import type { Position } from './log.ts'
import type { ReaderOptions } from './reader.ts'

/**
 * Where the reader goes on. In another epoch positions mean something else: it reads again from the beginning, and the
 * inbox knows what it has applied. A reader that is behind the trimmed position has missed events: that is said loudly.
 */
export async function startOffset({ name, database, log, logger }: ReaderOptions): Promise<Position> {
  const trimmed = await log.trimmed()
  return database.transaction(async manager => {
    await manager.query(`${insertIgnore(database.dialect)} reader_offset (name, position, epoch) VALUES (?, 0, ?)`, [
      name,
      log.epoch
    ])
    const { position, epoch } = await lockOffset(manager, database.dialect, name)
    const kept = epoch === log.epoch ? position : 0
    const next = Math.max(kept, trimmed)
    if (epoch !== log.epoch)
      logger.warn({ reader: name, position }, 'the log is another one; reading it from its start')
    else if (next > kept)
      logger.error({ reader: name, position, trimmed }, 'events were trimmed before they were applied')
    if (next !== position || epoch !== log.epoch) await moveOffset(manager, name, next, log.epoch)
    await manager.query('DELETE FROM reader_inbox WHERE reader = ? AND position <= ?', [name, trimmed])
    return next
  })
}

/**
 * Reads the offset and keeps it from other processes' readers of the same name until the transaction ends. Throws when
 * it is of another epoch than expected: the positions at hand would mean something else there.
 */
export async function lockOffset(
  manager: EntityManager,
  dialect: Database['dialect'],
  name: string,
  expected?: string
): Promise<{ readonly position: Position; readonly epoch: string }> {
  const [row]: { position: number | string; epoch: string }[] = await manager.query(
    `SELECT position, epoch FROM reader_offset WHERE name = ?${forUpdate(dialect)}`,
    [name]
  )
  invariant(row, `reader ${name} has an offset`)
  if (expected !== undefined && row.epoch !== expected) throw new Error(`reader ${name} is in another epoch of the log`)
  return { position: Number(row.position), epoch: row.epoch }
}

export async function moveOffset(
  manager: EntityManager,
  name: string,
  position: Position,
  epoch: string
): Promise<void> {
  await manager.query('UPDATE reader_offset SET position = ?, epoch = ? WHERE name = ?', [position, epoch, name])
}
