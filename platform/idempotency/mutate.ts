import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import { Fault } from '../errors.ts'
import { refusal } from '../graphql/refusal.ts'
import type { UserError } from '../graphql/user-error.ts'
import type { LogEvent } from '../log/log.ts'
import type { ReaderTx } from '../log/tx.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Context } from '../subgraph/subgraph.ts'
import { fingerprint } from './canonical.ts'
import { type Call, claim, forget, settle } from './claim.ts'

/** What a mutation did: the object to read back, or why it was refused. */
export interface Outcome {
  readonly id: string | null
  readonly userErrors: readonly UserError[]
}

export interface MutateDeps {
  readonly database: Database
  readonly outbox: Outbox
  readonly clock: Clock
}

/** The longest idempotency key that is taken. */
const LONGEST_KEY = 255

/**
 * Runs one mutation whole or not at all, and once per idempotency key of the caller and operation: the same input again
 * gets the stored outcome, another input is refused, a duplicate in flight waits. A refusal undoes every row and event of
 * `work` and is stored, except VERSION_CONFLICT, which may be tried again. Sets `context.extensions.position`.
 * Throws Fault BAD_USER_INPUT for an empty or overlong key.
 */
export async function mutate(
  deps: MutateDeps,
  context: Context,
  operation: string,
  input: { readonly idempotencyKey: string },
  work: (tx: ReaderTx) => Promise<Outcome>
): Promise<Outcome> {
  const call = callOf(context, operation, input)
  const { outcome, events } = await deps.database.transaction(async manager => {
    const earlier = await claim(manager, call, deps.clock.now())
    if (earlier && earlier.input !== call.input) return { outcome: mismatch(context), events: [] }
    if (earlier) return earlier

    const emitted: LogEvent[] = []
    await manager.query('SAVEPOINT mutation')
    const outcome = await work({ manager, emit: (...facts) => void emitted.push(...facts) })
    if (outcome.userErrors.length > 0) {
      await manager.query('ROLLBACK TO SAVEPOINT mutation')
      if (outcome.userErrors.some(error => error.code === 'VERSION_CONFLICT')) await forget(manager, call)
      else await settle(manager, call, outcome, [])
      return { outcome, events: [] }
    }
    if (emitted.length > 0) await deps.outbox.add(manager, emitted)
    const events = emitted.map(event => event.id)
    await settle(manager, call, outcome, events)
    return { outcome, events }
  })
  if (events.length > 0) await place(deps.outbox, context, events)
  return outcome
}

/** The change is committed: a log that cannot be reached now gets its events later, and the answer says it may be stale. */
async function place(outbox: Outbox, context: Context, events: readonly string[]): Promise<void> {
  const position = await outbox.flush(events).catch(() => null)
  if (position === null) {
    context.extensions.stale = true
    outbox.nudge()
  } else {
    context.extensions.position = Math.max(position, context.extensions.position ?? 0)
  }
}

function callOf(context: Context, operation: string, input: { readonly idempotencyKey: string }): Call {
  const key = input.idempotencyKey
  if (key.length === 0 || key.length > LONGEST_KEY) {
    throw new Fault('BAD_USER_INPUT', `idempotencyKey must have 1 to ${LONGEST_KEY} characters; use a new UUID.`)
  }
  const { company, consumer } = context.access
  return { company, consumer, operation, key: fingerprint(key), input: fingerprint(input) }
}

function mismatch(context: Context): Outcome {
  return {
    id: null,
    userErrors: [refusal('IDEMPOTENCY_MISMATCH', context.access.language, ['input', 'idempotencyKey'])]
  }
}
