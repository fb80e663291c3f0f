import { setImmediate } from 'node:timers/promises'
import type { EntityManager } from 'typeorm'
import { chunks, places, rowsOf } from '../database/dialect.ts'
import type { LogEvent, Position, SequencedEvent } from './log.ts'
import type { Handler, ReaderOptions } from './reader.ts'
import { lockOffset, moveOffset } from './reader-offset.ts'
import { applyAllToShadow } from './shadow-batch.ts'

/** Preparations that run at once. */
const AT_ONCE = 16

/**
 * Applies events in one transaction with the offset and returns where the reader is now. What is behind the stored
 * offset, or in the inbox already, is left out: another process or an earlier epoch has applied it.
 */
export async function applyEvents(
  options: ReaderOptions,
  events: readonly SequencedEvent[],
  position: Position
): Promise<Position> {
  const { name, database, log, outbox, shadow = true } = options
  const prepared = await prepareAll(options, events)
  const emitted: LogEvent[][] = []
  const reached = await database.transaction(async manager => {
    emitted.length = 0
    const offset = await lockOffset(manager, database.dialect, name, log.epoch)
    const ahead = events.filter(event => event.position > offset.position)
    const end = ahead.at(-1)
    if (!end) return Math.max(offset.position, position)
    const fresh = await unapplied(manager, options, ahead)
    if (shadow) await applyAllToShadow(manager, database.dialect, fresh)
    for (const [i, event] of fresh.entries()) {
      // SQLite answers without leaving the event loop; others have their turn now and then.
      if (i % 10 === 9) await setImmediate()
      const handler = handlerOf(options, event)
      if (!handler) continue
      const tx = { manager, emit: (...facts: readonly LogEvent[]) => void emitted.push([...facts]) }
      await handler.apply(tx, event, prepared.get(event.id))
    }
    await remember(manager, options, fresh)
    if (emitted.length > 0) await outbox.add(manager, emitted.flat())
    await moveOffset(manager, name, end.position, log.epoch)
    return end.position
  })
  if (emitted.length > 0) outbox.nudge()
  return reached
}

/** The handler of an event's type; what its `prepare` returned is what its `apply` takes. */
function handlerOf({ handlers }: ReaderOptions, { type }: LogEvent): Handler | undefined {
  return Object.hasOwn(handlers, type) ? (handlers[type] as Handler | undefined) : undefined
}

async function prepareAll(
  options: ReaderOptions,
  events: readonly SequencedEvent[]
): Promise<ReadonlyMap<string, unknown>> {
  const prepared = new Map<string, unknown>()
  const wanting = events.filter(event => handlerOf(options, event)?.prepare)
  for (const part of chunks(wanting, AT_ONCE)) {
    await Promise.all(
      part.map(async event => prepared.set(event.id, await handlerOf(options, event)?.prepare?.(event)))
    )
  }
  return prepared
}

/** Only what has a handler is remembered: the rest changes nothing, and the shadow takes newer versions only. */
async function unapplied(
  manager: EntityManager,
  options: ReaderOptions,
  events: readonly SequencedEvent[]
): Promise<readonly SequencedEvent[]> {
  const ids = events.filter(event => handlerOf(options, event)).map(event => event.id)
  if (ids.length === 0) return events
  const rows: { event_id: string }[] = await manager.query(
    `SELECT event_id FROM reader_inbox WHERE reader = ? AND event_id IN (${places(ids.length)})`,
    [options.name, ...ids]
  )
  const seen = new Set(rows.map(row => row.event_id))
  return events.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** Notes in the inbox that events are applied, so that the same fact at another position changes nothing. */
export async function remember(
  manager: EntityManager,
  options: ReaderOptions,
  events: readonly SequencedEvent[]
): Promise<void> {
  const handled = events.filter(event => handlerOf(options, event))
  if (handled.length === 0) return
  await manager.query(
    `INSERT INTO reader_inbox (reader, event_id, position) VALUES ${rowsOf(handled.length, 3)}`,
    handled.flatMap(event => [options.name, event.id, event.position])
  )
}
