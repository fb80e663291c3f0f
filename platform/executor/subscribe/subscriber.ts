import type { SubgraphRequest, SubgraphResponse } from '../executor.ts'

/** How the router hears the events of one subgraph. */
export interface Subscriber extends AsyncDisposable {
  /**
   * Starts the subgraph's own subscription at the first `next()`: one answer for each of its events, until it completes
   * or the signal fires. Throws Fault SUBGRAPH_UNAVAILABLE or TIMEOUT when it cannot start or breaks off, and
   * SUBSCRIPTION_INTERRUPTED when events come faster than they are read: what is lost is told, never passed over.
   */
  subscribe(request: SubgraphRequest): AsyncIterable<SubgraphResponse>
  /** Starts nothing new, and waits until what runs has ended. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What a subscription may cost. Times in milliseconds, sizes in bytes. */
export interface SubscriberLimits {
  readonly connectTimeoutMs: number
  /** How long the acknowledgement of a socket, or the head of a stream, may take. */
  readonly timeoutMs: number
  /** Of a websocket: how often it is pinged, and how long its pong may take. */
  readonly keepAliveMs: number
  /** Of an HTTP stream: how long it may be silent, heartbeats included, before it counts as lost; 0 = for ever. */
  readonly silenceMs: number
  /** The longest event. */
  readonly eventBytes: number
  /** Of a websocket, which cannot be held back for one reader as HTTP streams are: how much may wait for it. */
  readonly waitingEvents: number
  readonly waitingBytes: number
}

export interface SubscriberOptions extends SubscriberLimits {
  /** `http:` or `ws:` alike; the protocol decides which one is meant. */
  readonly url: string
  /** The subgraph's name: the audience of the signature, and what faults say. */
  readonly subgraph: string
  /** Signs and sends the caller's access; null asks a subgraph that is not ours, without either. */
  readonly secret: string | null
  /** Client headers, in lower case, that are sent on: over a websocket with the upgrade and in `connection_init`. */
  readonly forwardHeaders: readonly string[]
}

export const DEFAULT_SUBSCRIBER_LIMITS: SubscriberLimits = {
  connectTimeoutMs: 5_000,
  timeoutMs: 30_000,
  keepAliveMs: 12_000,
  silenceMs: 0,
  eventBytes: 4 * 1024 * 1024,
  waitingEvents: 1_000,
  waitingBytes: 1024 * 1024
}
