import { setImmediate } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../database/database.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Log, Position, SequencedEvent } from './log.ts'
import { applyEvents } from './reader-apply.ts'
import { startOffset } from './reader-offset.ts'
import { park } from './reader-park.ts'
import { pauses } from './reader-retry.ts'
import type { ReaderTx } from './tx.ts'
import { createWake } from './wake.ts'

export type { ReaderTx } from './tx.ts'

/** What a room does with one type of event. */
export interface Handler<Prepared = unknown> {
  /** Fetches what the event does not carry, before the transaction is opened; may run for several events at once. */
  prepare?(event: SequencedEvent): Promise<Prepared>
  /** Writes what follows from the event; committed together with the reader's offset, or not at all. */
  apply(tx: ReaderTx, event: SequencedEvent, prepared: Prepared): Promise<void>
}

/** By event type; handlers with different preparations stand in one table. */
export type Handlers = Readonly<Record<string, AnyHandler>>

interface AnyHandler {
  prepare?(event: SequencedEvent): Promise<unknown>
  apply(tx: ReaderTx, event: SequencedEvent, prepared: never): Promise<void>
}

export interface ReaderOptions {
  /** Names the offset; one name is one reader, in however many processes. */
  readonly name: string
  readonly database: Database
  readonly log: Log
  readonly outbox: Outbox
  readonly logger: Logger
  readonly handlers: Handlers
  /** Whether orders' scope keys are kept in `order_shadow`; default true. */
  readonly shadow?: boolean
}

export interface Reader extends AsyncDisposable {
  /** Resolves true once everything up to the position is applied, false after 500 ms. */
  applied(position: Position): Promise<boolean>
  /** The last position that is applied. */
  position(): Position
}

/** Events of one transaction: many when the reader is behind, because a commit costs more than an event. */
const BATCH = 100
const PATIENCE = 500

/**
 * Applies the log to a room's tables, each event once. An event that fails is tried again with growing pauses and then
 * parked in `dead_letter`, so that one bad event does not stop all that follow.
 */
export function startReader(options: ReaderOptions): Reader {
  const { name, log, logger } = options
  const stop = new AbortController()
  const { signal } = stop
  const alarm = createWake()
  const unwatch = log.watch(alarm.wake)
  let position: Position = 0
  const waiting = new Set<{ position: Position; done: () => void }>()

  const moved = (to: Position): void => {
    position = to
    for (const one of waiting) if (one.position <= to) one.done()
  }

  /** Applies one event alone, for as long as trying again can help; then parks it. */
  const insist = async (event: SequencedEvent): Promise<void> => {
    for (const tries = pauses(); !signal.aborted; ) {
      try {
        return moved(await applyEvents(options, [event], position))
      } catch (error) {
        const pause = tries(error)
        logger.warn({ err: error, reader: name, event: event.id, type: event.type }, 'an event could not be applied')
        if (pause === null) return moved(await park(options, event, position, error))
        await createWake().wait(signal, pause)
      }
    }
  }

  const batch = async (events: readonly SequencedEvent[]): Promise<void> => {
    if (events.length > 1) {
      try {
        return moved(await applyEvents(options, events, position))
      } catch (error) {
        logger.debug({ err: error, reader: name }, 'one of several events fails; applying them one by one')
      }
    }
    for (const event of events) {
      if (signal.aborted) return
      if (event.position > position) await insist(event)
    }
  }

  const run = async (): Promise<void> => {
    let started = false
    let failures = 0
    while (!signal.aborted) {
      try {
        if (!started) moved(await startOffset(options))
        started = true
        const page = await log.read(position, BATCH)
        failures = 0
        if (page.events.length > 0) await batch(page.events)
        else await alarm.wait(signal)
        await setImmediate()
      } catch (error) {
        started = false
        failures += 1
        logger.error({ err: error, reader: name, position }, 'the log could not be read; trying again')
        await createWake().wait(signal, Math.min(100 * 2 ** failures, 5000))
      }
    }
  }
  const running = run()

  return {
    position: () => position,
    applied: wanted =>
      new Promise(resolve => {
        if (position >= wanted) return resolve(true)
        const one = { position: wanted, done: () => settle(true) }
        const timer = setTimeout(() => settle(false), PATIENCE)
        const settle = (reached: boolean): void => {
          clearTimeout(timer)
          waiting.delete(one)
          resolve(reached)
        }
        waiting.add(one)
      }),
    async [Symbol.asyncDispose]() {
      stop.abort()
      unwatch()
      await running
    }
  }
}
