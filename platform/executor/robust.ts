import { type BreakerOptions, type BreakerState, breaking } from './breaker.ts'
import { within } from './deadline.ts'
import type { Executor } from './executor.ts'
import { retrying } from './retry.ts'
import type { Send } from './send.ts'
import { sharing } from './sharing.ts'
import { createWrites, type Writes } from './writes.ts'

/** How a subgraph is asked; what is not said is off, but the time limit. Times in milliseconds. */
export interface RobustOptions {
  /** How long an answer may take, with waiting for a connection and all attempts. */
  readonly timeoutMs?: number
  /** How often a query is asked again when the connection failed before an answer; mutations never are. */
  readonly retries?: number
  /** `failures`: 0 = never opens. */
  readonly breaker?: Pick<BreakerOptions, 'failures' | 'openMs' | 'now'>
  /** Identical queries that are on their way at once are asked once. */
  readonly dedupe?: boolean
  /** What was written through the gateway; all its executors share one. */
  readonly writes?: Writes
  readonly watch?: ExecutorWatch
}

/** Told of what happens between gateway and subgraph, for metrics. Nothing of it may throw. */
export interface ExecutorWatch {
  /** A question ended after so many seconds, as `none`, the code of its fault, or `CANCELLED` when nobody waited any more. */
  readonly asked?: (seconds: number, code: string) => void
  readonly breaker?: (state: BreakerState) => void
  /** A query is asked again. */
  readonly retried?: () => void
  /** A query was not sent, since an identical one was on its way. */
  readonly joined?: () => void
}

/** An executor's `execute` from what asks once: shares, limits the time, tries again, and leaves a dead subgraph alone. */
export function robustExecutor(
  send: Send,
  options: RobustOptions & { readonly subgraph: string; readonly forwardHeaders?: readonly string[] }
): Executor['execute'] {
  const { subgraph, timeoutMs = 30_000, retries = 0, breaker, dedupe = false, watch = {} } = options
  const { writes = createWrites(), forwardHeaders = [] } = options
  let ask = send
  if (breaker && breaker.failures > 0) {
    ask = breaking(ask, subgraph, { ...breaker, slowMs: timeoutMs / 2, changed: watch.breaker })
  }
  if (retries > 0) ask = retrying(ask, { retries, retried: watch.retried })
  ask = within(ask, { subgraph, timeoutMs, ended: watch.asked })
  return sharing(ask, { subgraph, dedupe, writes, forwardHeaders, joined: watch.joined })
}
