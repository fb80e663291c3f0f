import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'
import { createWake } from '../log/wake.ts'
import { Flushes } from './flushes.ts'
import type { Outbox } from './outbox.ts'
import { addRows, lastPosition, markSent, unsentRows } from './outbox-rows.ts'
import { reconcile } from './reconcile.ts'

/** Facts of one append. */
const PAGE = 500

/** Milliseconds between two looks for rows that nobody nudged for, and the longest pause after failures. */
const EVERY = 1000
const LONGEST_PAUSE = 10_000

export interface OutboxDeps {
  readonly database: Database
  readonly log: Log
  readonly logger: Logger
}

/**
 * Sends a room's committed facts to the log, in the order in which they were written. Several relays of one outbox only
 * do the same twice: the log knows a fact by its id, and each relay starts with the oldest that is not sent.
 */
export function startOutbox({ database, log, logger }: OutboxDeps): Outbox {
  const stop = new AbortController()
  const alarm = createWake()
  const flushes = new Flushes()

  const sendAll = async (): Promise<void> => {
    for (let more = true; more; ) {
      const rows = await unsentRows(database.reads, PAGE)
      more = rows.length === PAGE
      if (rows.length === 0) return
      const positions = await log.append(rows.map(row => row.event))
      // In the log is sent: whoever waits need not wait until that is written down.
      rows.forEach(({ event }, i) => void flushes.sent(event.id, positions[i] ?? 0))
      await markSent(database, rows, positions, log.epoch)
    }
  }

  const run = async (): Promise<void> => {
    let failures = 0
    let reconciled = false
    while (!stop.signal.aborted) {
      const pass = flushes.startPass()
      try {
        if (!reconciled) await reconcile(database, log, logger)
        reconciled = true
        await sendAll()
        failures = 0
        pass.end()
      } catch (error) {
        failures += 1
        pass.fail(error)
        logger.error({ err: error, failures }, 'the outbox could not be sent; trying again')
      }
      if (!flushes.waiting) await alarm.wait(stop.signal, Math.min(EVERY * Math.max(1, failures), LONGEST_PAUSE))
    }
  }
  const running = run()

  return {
    add: addRows,
    nudge: alarm.wake,
    async flush(eventIds) {
      if (stop.signal.aborted) throw new Error(CLOSED)
      const flushed = flushes.add(eventIds)
      alarm.wake()
      return (await flushed) ?? lastPosition(database.reads, eventIds)
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
      flushes.startPass().fail(new Error(CLOSED))
    }
  }
}

const CLOSED = 'the outbox is closed'
