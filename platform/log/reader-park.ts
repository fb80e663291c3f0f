import { instant, systemClock } from '../clock.ts'
import { insertIgnore } from '../database/dialect.ts'
import type { Position, SequencedEvent } from './log.ts'
import type { ReaderOptions } from './reader.ts'
import { lockOffset, moveOffset } from './reader-offset.ts'

/** Longest error text that is kept, in characters. */
const LONGEST = 2000

/** Puts an event aside, with what was wrong with it, and returns the reader's new position behind it. */
export async function park(
  { name, database, log, logger }: ReaderOptions,
  event: SequencedEvent,
  position: Position,
  error: unknown
): Promise<Position> {
  const reached = await database.transaction(async manager => {
    const offset = await lockOffset(manager, database.dialect, name, log.epoch)
    if (offset.position >= event.position) return Math.max(offset.position, position)
    await manager.query(
      `${insertIgnore(database.dialect)} dead_letter (reader, event_id, company, type, position, body, error, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        name,
        event.id,
        event.keys.company,
        event.type,
        event.position,
        JSON.stringify(event),
        String(error instanceof Error ? (error.stack ?? error.message) : error).slice(0, LONGEST),
        instant(systemClock.now())
      ]
    )
    await moveOffset(manager, name, event.position, log.epoch)
    return event.position
  })
  logger.error(
    { err: error, reader: name, event: event.id, type: event.type, position: event.position },
    'an event was parked in dead_letter; the reader goes on without it'
  )
  return reached
}
