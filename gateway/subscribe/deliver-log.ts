import { Fault } from '../../platform/errors.ts'
import type { SubscriptionField } from '../../platform/log/catalogue.ts'
import type { Log, SequencedEvent } from '../../platform/log/log.ts'
import { tail } from '../../platform/log/tail.ts'
import { metScopes, type RowScope } from '../../platform/scope/scope.ts'
import type { Engine, Result } from '../engine.ts'
import type { Cursors } from './cursor.ts'
import { renew, type Standing } from './standing.ts'

export interface LogDeps {
  readonly engine: Engine
  readonly log: Log
  readonly cursors: Cursors
}

/**
 * Delivers a subscription from the log: from its argument `after`, else from `lastEventId`, else from now. Refuses with
 * Fault CURSOR_INVALID or CURSOR_EXPIRED before anything is delivered.
 */
export async function deliverLog(
  deps: LogDeps,
  field: SubscriptionField,
  standing: Standing,
  signal: AbortSignal,
  lastEventId: string | undefined
): Promise<AsyncGenerator<Result>> {
  const { log, cursors } = deps
  const place = { epoch: log.epoch, company: standing.caller.consumer.company, field: field.name }
  const given = argsOf(standing)['after'] ?? lastEventId
  const after = typeof given === 'string' ? cursors.read(given, place) : await log.head()
  const trimmed = await log.trimmed()
  if (after < trimmed) throw expired(cursors.write({ ...place, position: trimmed }), field)
  return deliver(deps, field, standing, after, signal)
}

async function* deliver(
  { log, engine, cursors }: LogDeps,
  field: SubscriptionField,
  begun: Standing,
  after: number,
  signal: AbortSignal
): AsyncGenerator<Result> {
  const { company } = begun.caller.consumer
  const cursorAt = (position: number) => cursors.write({ epoch: log.epoch, position, company, field: field.name })
  const visible = (event: SequencedEvent) =>
    event.keys.company === company &&
    metScopes(event.keys, scopes) !== 0 &&
    (field.accepts?.(event, argsOf(standing)) ?? true)

  let standing = begun
  let scopes = scopesOf(standing, field)
  let prev = cursorAt(after)
  const filter = { ...field.filter(argsOf(begun)), types: field.types }
  for await (const { events } of tail(log, { after, filter, signal })) {
    for (const event of events) {
      if (signal.aborted) return
      const renewed = await renew(engine, standing, { cursor: prev })
      if (renewed !== standing) {
        standing = renewed
        scopes = scopesOf(standing, field)
      }
      if (!visible(event)) continue
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
      const caller = { ...standing.caller, readAfter: event.position }
      const result = await engine.deliver(standing.prepared, caller, { payload }, signal)
      if (signal.aborted) return
      yield result.with({ cursor, prev })
      prev = cursor
    }
  }
}

function argsOf({ prepared }: Standing): Readonly<Record<string, unknown>> {
  return prepared.subscription?.args ?? {}
}

function scopesOf({ caller }: Standing, field: SubscriptionField): readonly RowScope[] | undefined {
  return caller.view.access(caller.consumer).read[field.scopedAs]
}

function expired(oldestCursor: string, field: SubscriptionField): Fault {
  return new Fault(
    'CURSOR_EXPIRED',
    `Events after this cursor are no longer kept. Query the present state, then subscribe to ${field.name} from "oldestCursor" or without "after".`,
    { oldestCursor }
  )
}
