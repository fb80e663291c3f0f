import { Fault } from '../../platform/errors.ts'
import type { SubgraphResponse } from '../../platform/executor/executor.ts'
import type { Access } from '../../platform/scope/scope.ts'
import type { FetchStep } from '../plan/steps.ts'
import type { Caller } from './access.ts'
import type { ExecutionDeps } from './execution.ts'

/** Where the events of a subscription come from. */
export interface EventSource {
  readonly subgraph: string
  /** All that decides which events come and what they hold: equal for subscriptions that their subgraph would serve alike. */
  readonly identity: string
  /**
   * Starts the subgraph's own subscription at the first `next()`; it ends when the subgraph completes it, or with the
   * signal. Throws Fault SUBGRAPH_UNAVAILABLE, TIMEOUT or SUBSCRIPTION_INTERRUPTED, none of which names the subgraph.
   */
  open(signal: AbortSignal): AsyncIterable<SubgraphResponse>
}

/** The source of a subscription for one caller; `variables` under the client's names. */
export function eventSource(
  { executors, report }: ExecutionDeps,
  { subgraph, operation, variables: uses }: FetchStep,
  variables: Readonly<Record<string, unknown>>,
  access: Access,
  { headers, trace }: Pick<Caller, 'headers' | 'trace'>
): EventSource {
  const used: Record<string, unknown> = {}
  for (const { name, from } of uses) if (variables[from] !== undefined) used[name] = variables[from]
  return {
    subgraph,
    identity: JSON.stringify([subgraph, operation.text, used, access, headers]),
    async *open(signal) {
      try {
        const executor = executors[subgraph]
        if (!executor?.subscribe) throw new Fault('SUBGRAPH_UNAVAILABLE', `${subgraph} has no subscriptions`)
        yield* executor.subscribe({
          operation,
          variables: used,
          access,
          signal,
          ...(headers && { headers }),
          ...(trace && { trace })
        })
      } catch (thrown) {
        if (!(thrown instanceof Fault) || thrown.code === 'SUBSCRIPTION_INTERRUPTED') throw thrown
        report({ subgraph, err: thrown }, 'a subscription of a subgraph failed')
        throw brokenOff(thrown)
      }
    }
  }
}

/** What the client may know: which subgraph it was, and why, is in the log. */
function brokenOff(cause: Fault): Fault {
  if (cause.code === 'TIMEOUT') {
    return new Fault('TIMEOUT', 'The subscription did not start in time; subscribe again.', {}, { cause })
  }
  return new Fault(
    'SUBGRAPH_UNAVAILABLE',
    'The source of these events cannot be reached, or broke off: some may be missing. Read the present state by a query, then subscribe again.',
    {},
    { cause }
  )
}
