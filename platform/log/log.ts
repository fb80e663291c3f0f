import type { ScopeKeys } from '../scope/scope.ts'

/** Place in the log: dense, from 1, given after commit, never used twice within an epoch. */
export type Position = number

/** A fact that happened (CloudEvents 1.0 attributes). Carries its own facts only: no entity, no personal data (W6). */
export interface LogEvent {
  /** Random; the idempotency key of every reader. */
  readonly id: string
  /** `noun.past`, for example `order.shipped`. */
  readonly type: string
  /** The room that says so. */
  readonly source: string
  /** When it happened, ISO UTC. */
  readonly at: string
  readonly aggregate: { readonly type: string; readonly id: string }
  /** Counts per aggregate, from 1, without gaps. */
  readonly version: number
  readonly keys: ScopeKeys
  readonly data: Readonly<Record<string, unknown>>
}

export interface SequencedEvent extends LogEvent {
  readonly position: Position
  /** When the log received it, ISO UTC. */
  readonly recordedAt: string
}

export interface LogFilter {
  readonly types?: readonly string[]
  readonly orderId?: string
}

export interface LogPage {
  readonly events: readonly SequencedEvent[]
  /** Everything up to here has been looked at; read on from it. */
  readonly upTo: Position
}

/** What happened, in an order that never changes. One suite runs over every adapter. */
export interface Log extends AsyncDisposable {
  /** Identity of this incarnation of the log; a restored backup is another (semantics L6). */
  readonly epoch: string
  /**
   * Appends committed facts in the given order and returns their positions. Idempotent by event id: a fact that is
   * already there keeps its position. Concurrent callers, in any process, are put one behind the other.
   */
  append(events: readonly LogEvent[]): Promise<readonly Position[]>
  /** The last position given, 0 when empty. */
  head(): Promise<Position>
  /** Positions up to here are gone: reading after less than this is refused. */
  trimmed(): Promise<Position>
  /** The next events after a position. Throws Fault CURSOR_EXPIRED (details.oldest) when they have been trimmed. */
  read(after: Position, limit: number, filter?: LogFilter): Promise<LogPage>
  /** Wakes the listener when there may be more to read: a hint, never the truth. Also called now and then for nothing. */
  watch(listener: () => void): () => void
  /** Removes events up to a position. */
  trim(upTo: Position): Promise<void>
}
