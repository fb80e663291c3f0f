import type { LogFilter, SequencedEvent } from './log.ts'

/**
 * One subscription field and the log events behind it. The gateway collects them into the virtual subgraph `log`, so
 * that the planner sees a subscription as one fetch from the log and entity fetches for the rest.
 */
export interface SubscriptionField {
  /** Field of the Subscription root, for example `orderStatusChanged`. */
  readonly name: string
  /** Its event object type, implementing `Event`, for example `OrderStatusChanged`. */
  readonly typeName: string
  /**
   * SDL: `extend type Subscription { … }` and the event type. Entities appear as stubs
   * (`type Order @key(fields: "id", resolvable: false) { id: ID! }`).
   */
  readonly sdl: string
  /** The log's event types that it delivers. */
  readonly types: readonly string[]
  /** The type whose row scopes decide who gets the event, by the event's own scope keys. */
  readonly scopedAs: string
  /** What the arguments narrow in the log. */
  filter(args: Readonly<Record<string, unknown>>): LogFilter
  /** What the arguments narrow beyond the log's index; absent = nothing. */
  accepts?(event: SequencedEvent, args: Readonly<Record<string, unknown>>): boolean
  /** The event type's own fields, entity stubs with `__typename` and key. The gateway adds id, cursor, at and version. */
  payload(event: SequencedEvent): Readonly<Record<string, unknown>>
}
