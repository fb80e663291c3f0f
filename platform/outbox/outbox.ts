import type { EntityManager } from 'typeorm'
import type { LogEvent, Position } from '../log/log.ts'

/** A room's facts on their way to the log: written with the change, sent after its commit, kept and reconciled. */
export interface Outbox extends AsyncDisposable {
  /** Writes facts inside the transaction that changes the rows. */
  add(manager: EntityManager, events: readonly LogEvent[]): Promise<void>
  /** Says that something committed; the relay sends it soon. */
  nudge(): void
  /** Sends everything committed so far and returns the last position of the given events (for `extensions.position`). */
  flush(eventIds: readonly string[]): Promise<Position | null>
}
