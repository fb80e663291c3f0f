import type { EntityManager } from 'typeorm'
import { type Clock, instant } from '../clock.ts'
import type { Database, DatabaseOptions } from '../database/database.ts'
import { chunks, forUpdate, places, rowsOf } from '../database/dialect.ts'
import { invariant } from '../errors.ts'
import { HeadWatch } from './head-watch.ts'
import type { Log, LogEvent, Position } from './log.ts'
import { LogTables1790000000000 } from './migrations/log-tables.ts'
import { readPage } from './read-page.ts'

/** The log's tables are written in plain SQL. */
export const LOG_ENTITIES: DatabaseOptions['entities'] = []

export const LOG_MIGRATIONS: DatabaseOptions['migrations'] = [LogTables1790000000000]

/** Rows of one INSERT, and positions that one transaction trims. */
const ROWS = 200
const TRIM = 5000

export interface DatabaseLogOptions {
  /** Opened with LOG_ENTITIES and LOG_MIGRATIONS; whoever opened it closes it. */
  readonly database: Database
  readonly clock: Clock
}

/** One row of `log_head`. */
export interface Head {
  readonly epoch: string
  readonly position: Position
  readonly trimmed: Position
}

/**
 * The log as a table. Appending locks the one head row until its commit, so positions are given in the order of commits
 * and a reader that has seen n has seen everything before it, whoever appends, in whichever process.
 */
export async function openDatabaseLog({ database, clock }: DatabaseLogOptions): Promise<Log> {
  const { dialect, reads } = database
  const { epoch } = await head(reads)
  const watch = new HeadWatch(async () => (await head(reads)).position)

  return {
    epoch,
    head: async () => (await head(reads)).position,
    trimmed: async () => (await head(reads)).trimmed,
    read: (after, limit, filter) => readPage(reads, () => head(reads), after, limit, filter),
    watch: listener => watch.add(listener),
    async append(events) {
      if (events.length === 0) return []
      const positions = await database.transaction(async manager => {
        const { position } = await head(manager, forUpdate(dialect))
        const known = await positionsOf(manager, events)
        const fresh: { event: LogEvent; position: Position }[] = []
        for (const event of events) {
          if (known.has(event.id)) continue
          const next = position + fresh.length + 1
          known.set(event.id, next)
          fresh.push({ event, position: next })
        }
        if (fresh.length > 0) {
          await insert(manager, fresh, instant(clock.now()))
          await manager.query('UPDATE log_head SET position = ? WHERE id = 1', [position + fresh.length])
        }
        return events.map(event => known.get(event.id) ?? 0)
      })
      watch.nudge()
      return positions
    },
    async trim(upTo) {
      for (let done = false; !done; ) {
        done = await database.transaction(async manager => {
          const { position, trimmed } = await head(manager, forUpdate(dialect))
          const end = Math.min(upTo, position)
          if (end <= trimmed) return true
          const next = Math.min(end, trimmed + TRIM)
          await manager.query('UPDATE log_head SET trimmed = ? WHERE id = 1', [next])
          await manager.query('DELETE FROM log_event WHERE position <= ?', [next])
          return next === end
        })
      }
    },
    async [Symbol.asyncDispose]() {
      watch.stop()
    }
  }
}

async function head(manager: EntityManager, lock = ''): Promise<Head> {
  const sql = `SELECT epoch, position, trimmed FROM log_head WHERE id = 1${lock}`
  const [row]: { epoch: string; position: number | string; trimmed: number | string }[] = await manager.query(sql)
  invariant(row, 'the log has its head row')
  return { epoch: row.epoch, position: Number(row.position), trimmed: Number(row.trimmed) }
}

async function positionsOf(manager: EntityManager, events: readonly LogEvent[]): Promise<Map<string, Position>> {
  const known = new Map<string, Position>()
  for (const part of chunks(events, 500)) {
    const rows: { id: string; position: number | string }[] = await manager.query(
      `SELECT id, position FROM log_event WHERE id IN (${places(part.length)})`,
      part.map(event => event.id)
    )
    for (const row of rows) known.set(row.id, Number(row.position))
  }
  return known
}

async function insert(
  manager: EntityManager,
  rows: readonly { readonly event: LogEvent; readonly position: Position }[],
  recordedAt: string
): Promise<void> {
  for (const part of chunks(rows, ROWS)) {
    await manager.query(
      `INSERT INTO log_event (position, id, company, type, order_id, recorded_at, body) VALUES ${rowsOf(part.length, 7)}`,
      part.flatMap(({ event, position }) => {
        const { id, type, keys } = event
        return [position, id, keys.company, type, keys.orderId, recordedAt, JSON.stringify(event)]
      })
    )
  }
}
