import { Fault } from '../../platform/errors.ts'
import type { SubscriptionField } from '../../platform/log/catalogue.ts'
import type { Log, SequencedEvent } from '../../platform/log/log.ts'
import { tail } from '../../platform/log/tail.ts'
import { metScopes, type RowScope } from '../../platform/scope/scope.ts'
import type { View } from '../../policies/view.ts'
import type { Caller, Engine, Prepared, Result } from '../engine.ts'
import type { Cursors } from './cursor.ts'

export interface SubscribeDeps {
  readonly engine: Engine
  readonly log: Log
  readonly cursors: Cursors
  /** By field of the Subscription root. */
  readonly catalogue: ReadonlyMap<string, SubscriptionField>
}

/** An answer with the cursor to resume from, and the cursor of the event before it in the same stream (semantics L3). */
export interface Delivery extends Result {
  readonly extensions: NonNullable<Result['extensions']> & { readonly cursor: string; readonly prev: string }
}

/** A caller whose contracts may change while it listens. */
export interface Subscriber extends Caller {
  /** What it sees by the contracts of this moment; null when they have ended. */
  current(): View | null
}

/**
 * Starts a subscription: from `after` (or the request's own argument) when given, else from now. Refuses with Fault
 * CURSOR_INVALID or CURSOR_EXPIRED before anything is delivered; what comes then ends with the signal alone.
 */
export async function subscribe(
  deps: SubscribeDeps,
  prepared: Prepared,
  caller: Subscriber,
  signal: AbortSignal,
  lastEventId?: string
): Promise<AsyncGenerator<Delivery>> {
  const { log, cursors } = deps
  const request = prepared.subscription
  const field = request && deps.catalogue.get(request.field)
  if (!request || !field) throw new Fault('BAD_REQUEST', 'This subscription has no event log behind it.')
  const place = { epoch: log.epoch, company: caller.consumer.company, field: field.name }
  const given = request.args['after'] ?? lastEventId
  const after = typeof given === 'string' ? cursors.read(given, place) : await log.head()
  const trimmed = await log.trimmed()
  if (after < trimmed) throw expired(cursors.write({ ...place, position: trimmed }), field)

  const { read } = caller.view.access(caller.consumer)
  return deliver(deps, field, prepared, caller, { after, args: request.args, scopes: read[field.scopedAs] }, signal)
}

interface Stream {
  readonly after: number
  readonly args: Readonly<Record<string, unknown>>
  readonly scopes: readonly RowScope[] | undefined
}

async function* deliver(
  { log, engine, cursors }: SubscribeDeps,
  field: SubscriptionField,
  prepared: Prepared,
  caller: Subscriber,
  { after, args, scopes }: Stream,
  signal: AbortSignal
): AsyncGenerator<Delivery> {
  const cursorAt = (position: number) =>
    cursors.write({ epoch: log.epoch, position, company: caller.consumer.company, field: field.name })
  const visible = (event: SequencedEvent) =>
    event.keys.company === caller.consumer.company &&
    metScopes(event.keys, scopes) !== 0 &&
    (field.accepts?.(event, args) ?? true)

  let prev = cursorAt(after)
  for await (const { events } of tail(log, { after, filter: { ...field.filter(args), types: field.types }, signal })) {
    for (const event of events) {
      if (signal.aborted) return
      if (!visible(event)) continue
      // Contracts are applied at delivery: what was granted at the start is not owed for ever (semantics K11).
      if (caller.current()?.id !== caller.view.id) throw changed(prev)
      const cursor = cursorAt(event.position)
      const payload = {
        ...field.payload(event),
        __typename: field.typeName,
        id: event.id,
        cursor,
        at: event.at,
        version: event.version
      }
      // The rooms that the rest of the selection asks have applied this event, or say that they have not (W3).
      const result = await engine.deliver(prepared, { ...caller, readAfter: event.position }, payload, signal)
      if (signal.aborted) return
      yield { ...result, extensions: { ...result.extensions, cursor, prev } }
      prev = cursor
    }
  }
}

function changed(cursor: string): Fault {
  return new Fault(
    'GRANT_WITHDRAWN',
    'The contract behind this subscription has changed. Subscribe again from "cursor".',
    { cursor }
  )
}

function expired(oldestCursor: string, field: SubscriptionField): Fault {
  return new Fault(
    'CURSOR_EXPIRED',
    `Events after this cursor are no longer kept. Query the present state, then subscribe to ${field.name} from "oldestCursor" or without "after".`,
    { oldestCursor }
  )
}
