import type { SubscriptionField } from '../../platform/log/catalogue.ts'
import type { Log } from '../../platform/log/log.ts'
import type { Engine, Prepared, Result } from '../engine.ts'
import { LOG_SUBGRAPH } from '../log-subgraph.ts'
import type { Cursors } from './cursor.ts'
import { deliverLog } from './deliver-log.ts'
import { deliverNative } from './deliver-native.ts'
import type { Subscriber } from './standing.ts'

export interface SubscribeDeps {
  readonly engine: Engine
  /** Null over a graph that has no log. */
  readonly log: Log | null
  readonly cursors: Cursors | null
  /** By field of the Subscription root. */
  readonly catalogue: ReadonlyMap<string, SubscriptionField>
}

/**
 * Starts a subscription: from the log where the log has it (after `lastEventId`, unless the request says after what),
 * else from the subgraph that has it. Throws Fault or RequestError when it cannot start; so does what comes then, when it
 * cannot go on. It ends with the signal, and with the subgraph's own subscription.
 */
export async function subscribe(
  { engine, log, cursors, catalogue }: SubscribeDeps,
  prepared: Prepared,
  caller: Subscriber,
  signal: AbortSignal,
  lastEventId?: string
): Promise<AsyncGenerator<Result>> {
  const source = await engine.source(prepared, caller)
  const standing = { prepared, caller, source }
  if (!source) return once(() => engine.execute(prepared, caller, signal))
  const field = source.subgraph === LOG_SUBGRAPH ? catalogue.get(prepared.subscription?.field ?? '') : undefined
  if (field && log && cursors) return deliverLog({ engine, log, cursors }, field, standing, signal, lastEventId)
  return deliverNative(engine, source, standing, signal)
}

/** Nothing of it is asked for: that is all there is to say. */
async function* once(answer: () => Promise<Result>): AsyncGenerator<Result> {
  yield await answer()
}
