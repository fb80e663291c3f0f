import type { EntityManager } from 'typeorm'
import { instant } from '../clock.ts'
import { invariant } from '../errors.ts'
import { IdempotencyRow } from './idempotency-row.ts'
import type { Outcome } from './mutate.ts'

/** One call: who says what, under which key. */
export interface Call {
  readonly company: string
  readonly consumer: string
  readonly operation: string
  /** Fingerprint of the idempotency key. */
  readonly key: string
  /** Fingerprint of the whole input. */
  readonly input: string
}

/** What an earlier call with the same key did. */
export interface Earlier {
  readonly input: string
  readonly outcome: Outcome
  readonly events: readonly string[]
}

/**
 * Takes the key for this transaction, waiting for another one that holds it; an earlier call that settled is returned.
 * An upsert, because a plain INSERT of a duplicate shares its lock on MySQL and two waiters then deadlock.
 */
export async function claim(manager: EntityManager, call: Call, now: number): Promise<Earlier | null> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(IdempotencyRow)
    .values({ ...call, outcome: null, events: '[]', at: instant(now) })
    .orUpdate(['company'], ['company', 'consumer', 'operation', 'key'])
    .updateEntity(false)
    .execute()
  const row = await manager.findOneBy(IdempotencyRow, keyOf(call))
  invariant(row, 'a claimed idempotency key has a row')
  if (row.outcome === null) return null
  return { input: row.input, outcome: JSON.parse(row.outcome) as Outcome, events: JSON.parse(row.events) as string[] }
}

/** Stores what the call did. */
export async function settle(
  manager: EntityManager,
  call: Call,
  outcome: Outcome,
  events: readonly string[]
): Promise<void> {
  await manager.update(IdempotencyRow, keyOf(call), {
    outcome: JSON.stringify(outcome),
    events: JSON.stringify(events)
  })
}

/** Gives the key back, as if it had never been used. */
export async function forget(manager: EntityManager, call: Call): Promise<void> {
  await manager.delete(IdempotencyRow, keyOf(call))
}

function keyOf({ company, consumer, operation, key }: Call): Pick<Call, 'company' | 'consumer' | 'operation' | 'key'> {
  return { company, consumer, operation, key }
}
