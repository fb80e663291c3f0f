import type { SubgraphRequest, SubgraphResponse } from './executor.ts'

/** Whoever waits for one answer: one of the two is called, once, and neither after a cancel. Neither may throw. */
export interface Waiting {
  answered(response: SubgraphResponse): void
  failed(reason: unknown): void
}

/** A question that is on its way. */
export interface Exchange {
  /** Gives up on the answer; nothing happens when it is there already. */
  cancel(): void
}

/**
 * Asks a subgraph; `variables` are the request's, as JSON, and `again` is true after a connection failed. It may call back
 * before it returns, and leaves the request's signal to whoever waits. Callbacks instead of promises: there are several layers,
 * and they run for every fetch.
 */
export type Send = (request: SubgraphRequest, variables: string, waiting: Waiting, again: boolean) => Exchange
