import type { EntityManager } from 'typeorm'
import type { LogEvent } from './log.ts'

/** One open transaction of a room: its rows, and the facts that become true with its commit. */
export interface ReaderTx {
  readonly manager: EntityManager
  /** Puts facts in the outbox of this transaction; they reach the log after its commit, or never. */
  emit(...events: readonly LogEvent[]): void
}
