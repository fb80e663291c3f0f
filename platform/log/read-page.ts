import type { EntityManager } from 'typeorm'
import { places } from '../database/dialect.ts'
import { Fault } from '../errors.ts'
import type { Head } from './database.ts'
import type { LogEvent, LogFilter, LogPage, Position, SequencedEvent } from './log.ts'

interface Row {
  readonly position: number | string
  readonly recorded_at: string
  readonly body: string
}

/**
 * One page of the log. The head is read before the rows, so that everything up to it is in them; the trimmed position
 * after them, so that rows which were removed meanwhile are missed, and never silently.
 */
export async function readPage(
  reads: EntityManager,
  head: () => Promise<Head>,
  after: Position,
  limit: number,
  filter: LogFilter = {}
): Promise<LogPage> {
  const filtered = filter.types !== undefined || filter.orderId !== undefined
  // Positions are dense: without a filter, a page says itself how far it goes and whether its start is missing.
  const before = filtered ? await head() : null
  const rows: Row[] = await reads.query(...statement(after, limit, filter))
  const events = rows.map(sequenced)
  const last = events.at(-1)?.position ?? after
  const whole = !filtered && events[0]?.position === after + 1
  if (!whole) {
    const { trimmed } = await head()
    if (after < trimmed) throw expired(after, trimmed)
  }
  return { events, upTo: events.length === limit ? last : Math.max(last, before?.position ?? 0) }
}

function expired(after: Position, trimmed: Position): Fault {
  const message = `The events after position ${after} are no longer kept; read again from ${trimmed}.`
  return new Fault('CURSOR_EXPIRED', message, { oldest: trimmed })
}

const COLUMNS = 'position, recorded_at, body'

function statement(after: Position, limit: number, { types, orderId }: LogFilter): [string, unknown[]] {
  if (types?.length === 0) return [`SELECT ${COLUMNS} FROM log_event WHERE 1 = 0`, []]
  if (orderId !== undefined) {
    // COALESCE keeps the planner off the index of types: one order has few events, a type has many.
    const ofTypes = types ? ` AND COALESCE(type, '') IN (${places(types.length)})` : ''
    return [
      `SELECT ${COLUMNS} FROM log_event WHERE order_id = ? AND position > ?${ofTypes} ORDER BY position LIMIT ?`,
      [orderId, after, ...(types ?? []), limit]
    ]
  }
  if (types === undefined) {
    return [`SELECT ${COLUMNS} FROM log_event WHERE position > ? ORDER BY position LIMIT ?`, [after, limit]]
  }
  // One bounded walk of the index for each type: a rare type is found without looking at all the others' events.
  const distinct = [...new Set(types)]
  const walk =
    'SELECT * FROM (SELECT position FROM log_event WHERE type = ? AND position > ? ORDER BY position LIMIT ?)'
  const walks = distinct.map((_, i) => `${walk} AS t${i}`).join(' UNION ALL ')
  return [
    `SELECT e.position, e.recorded_at, e.body FROM (${walks}) AS w JOIN log_event e ON e.position = w.position ORDER BY w.position LIMIT ?`,
    [...distinct.flatMap(type => [type, after, limit]), limit]
  ]
}

function sequenced({ position, recorded_at: recordedAt, body }: Row): SequencedEvent {
  return { ...(JSON.parse(body) as LogEvent), position: Number(position), recordedAt }
}
