import type { EntityManager } from 'typeorm'
import type { Database } from '../database/database.ts'
import { chunks, places, rowsOf } from '../database/dialect.ts'
import { invariant } from '../errors.ts'
import type { LogEvent, Position } from '../log/log.ts'

/** A committed fact that has no position yet. */
export interface UnsentRow {
  readonly seq: number
  readonly event: LogEvent
}

/** Writes facts in the transaction of the change. Throws for one that the log could not take: there it would block all that follow. */
export async function addRows(manager: EntityManager, events: readonly LogEvent[]): Promise<void> {
  for (const event of events) check(event)
  for (const part of chunks(events, 200)) {
    await manager.query(
      `INSERT INTO outbox (id, company, body) VALUES ${rowsOf(part.length, 3)}`,
      part.flatMap(event => [event.id, event.keys.company, JSON.stringify(event)])
    )
  }
}

function check({ id, type, keys }: LogEvent): void {
  for (const text of [id, type, keys.company, keys.orderId ?? '-']) {
    invariant(
      text.length > 0 && text.length <= 64,
      `an event's id, type, company and order have 1 to 64 characters: ${type}`
    )
  }
}

/**
 * The oldest unsent facts. Versions of one aggregate are written one after the other's commit, so that whoever sees one
 * here sees, or has sent, all before it; `seq` decides nothing else, and a late commit is merely found later.
 */
export async function unsentRows(reads: EntityManager, limit: number): Promise<readonly UnsentRow[]> {
  const rows: { seq: number | string; body: string }[] = await reads.query(
    'SELECT seq, body FROM outbox WHERE position IS NULL ORDER BY seq LIMIT ?',
    [limit]
  )
  return rows.map(({ seq, body }) => ({ seq: Number(seq), event: JSON.parse(body) as LogEvent }))
}

/** Keeps the rows with their positions: they are what a log that lost its end is mended from. */
export async function markSent(
  database: Database,
  rows: readonly UnsentRow[],
  positions: readonly Position[],
  epoch: string
): Promise<void> {
  const sent = rows.map(({ seq }, i) => ({ seq, position: positions[i] ?? 0 }))
  await database.transaction(async manager => {
    for (const part of chunks(sent, 100)) {
      const cases = part.map(() => 'WHEN ? THEN ?').join(' ')
      await manager.query(
        `UPDATE outbox SET position = CASE seq ${cases} END, epoch = ? WHERE seq IN (${places(part.length)})`,
        [...part.flatMap(({ seq, position }) => [seq, position]), epoch, ...part.map(({ seq }) => seq)]
      )
    }
  })
}

/** The last position of facts that were sent before, or null when none of them was. */
export async function lastPosition(reads: EntityManager, eventIds: readonly string[]): Promise<Position | null> {
  if (eventIds.length === 0) return null
  const [row]: { position: number | string | null }[] = await reads.query(
    `SELECT MAX(position) AS position FROM outbox WHERE id IN (${places(eventIds.length)})`,
    [...eventIds]
  )
  return row?.position === null || row?.position === undefined ? null : Number(row.position)
}
