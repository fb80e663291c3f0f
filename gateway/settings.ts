import type { OverrideLabels } from './plan/override-labels.ts'
import { DEFAULT_LIMITS, type Limits } from './prepare/limits.ts'

/** How one subgraph is asked. Times in milliseconds. */
export interface SubgraphSettings {
  /** Replaces the URL of the supergraph. */
  readonly url: string | null
  /** How long an answer may take, with waiting for a connection and all attempts. */
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  /** The longest answer in bytes. */
  readonly maxResponseBytes: number
  /** Connections that are kept open at most. */
  readonly connections: number
  /** How often a query is asked again when the connection failed before an answer; mutations never are. */
  readonly retries: number
  /** Identical queries that are on their way at once are asked once. */
  readonly dedupe: boolean
  readonly breaker: {
    /** Failures in a row after which nothing is asked for a while; 0 = never. */
    readonly failures: number
    /** How long nothing is asked before one request tries again. */
    readonly openMs: number
  }
  /** Client headers, in lower case, that are sent on. */
  readonly forwardHeaders: readonly string[]
  readonly subscriptions: {
    readonly protocol: 'graphql-ws' | 'sse' | 'multipart'
    /** Where to subscribe, when not at the subgraph's own URL. */
    readonly url: string | null
    /** How long a stream of sse or multipart may be silent, heartbeats included, before it counts as lost; 0 = for ever. */
    readonly silenceMs: number
  }
}

/** What a connection and a request may cost, the same for every transport. Times in milliseconds. */
export interface TransportSettings {
  readonly bodyBytes: number
  readonly headerBytes: number
  readonly headersTimeoutMs: number
  /** How long the whole of a request may take to arrive. */
  readonly arrivalTimeoutMs: number
  /** How long a query or mutation may take. */
  readonly requestTimeoutMs: number
  /** Operations in one HTTP batch; 0 = batches are refused. */
  readonly batch: number
  readonly frameBytes: number
  /** How long a socket may wait before `connection_init`. */
  readonly initTimeoutMs: number
  readonly keepAliveMs: number
  /** How long a websocket or an event stream may last, whatever its token says; its client comes back by itself. */
  readonly sessionMaxMs: number
  readonly operationsPerSocket: number
  readonly messagesPerSecond: number
  readonly socketsPerConsumer: number
  /** Sockets of one address that have not proved who they are. */
  readonly unprovenSocketsPerAddress: number
  /** Bytes that may wait for a slow reader before its socket is closed. */
  readonly socketBufferBytes: number
  /**
   * How long `/readyz` says 503 before the port is closed, while everything is served as ever: load balancers look now and
   * then, and send requests until they have seen it.
   */
  readonly drainNoticeMs: number
  /** How long running requests are given when the process is told to end. */
  readonly drainMs: number
}

/** Everything about the router that a file may set; what it does not name is as here. */
export interface Settings {
  readonly limits: Limits
  readonly transport: TransportSettings
  /** By subgraph name; `*` is every other. */
  readonly subgraphs: Readonly<Record<string, SubgraphSettings>>
  readonly authorization: {
    /** `filter` answers without what is denied, `reject` refuses the whole request with 403. */
    readonly mode: 'filter' | 'reject'
    readonly scopesClaim: string
    readonly policiesClaim: string
    /** Over a graph that lists no consumers: who has this scope is an operator, and may see plans; null = nobody. */
    readonly operatorScope: string | null
  }
  readonly documents: {
    /** Path of a manifest of trusted documents. */
    readonly manifest: string | null
    /** Nothing but documents of the manifest is run; a consumer's contract may require it for that consumer alone. */
    readonly trustedOnly: boolean
    /** Automatic persisted queries. */
    readonly automatic: boolean
  }
  /** Identical queries of one caller that are on their way at once are run once. */
  readonly dedupe: boolean
  readonly overrideLabels: OverrideLabels
}

const SUBGRAPH: SubgraphSettings = {
  url: null,
  timeoutMs: 30_000,
  connectTimeoutMs: 5_000,
  maxResponseBytes: 64 * 1024 * 1024,
  connections: 128,
  retries: 2,
  dedupe: true,
  breaker: { failures: 10, openMs: 5_000 },
  forwardHeaders: [],
  subscriptions: { protocol: 'graphql-ws', url: null, silenceMs: 0 }
}

export const DEFAULT_SETTINGS: Settings = {
  limits: DEFAULT_LIMITS,
  transport: {
    bodyBytes: 1024 * 1024,
    headerBytes: 16 * 1024,
    headersTimeoutMs: 10_000,
    arrivalTimeoutMs: 30_000,
    requestTimeoutMs: 30_000,
    batch: 0,
    frameBytes: 256 * 1024,
    initTimeoutMs: 3_000,
    keepAliveMs: 12_000,
    sessionMaxMs: 86_400_000,
    operationsPerSocket: 100,
    messagesPerSecond: 100,
    socketsPerConsumer: 20,
    unprovenSocketsPerAddress: 100,
    socketBufferBytes: 1024 * 1024,
    drainNoticeMs: 0,
    drainMs: 10_000
  },
  subgraphs: { '*': SUBGRAPH },
  authorization: { mode: 'filter', scopesClaim: 'scope', policiesClaim: 'policies', operatorScope: null },
  documents: { manifest: null, trustedOnly: false, automatic: true },
  dedupe: true,
  overrideLabels: {}
}

/** The client headers, in lower case, that some subgraph is sent. */
export function forwardedHeaders({ subgraphs }: Settings): readonly string[] {
  return [...new Set(Object.values(subgraphs).flatMap(({ forwardHeaders }) => forwardHeaders))]
}

/** The settings of one subgraph. */
export function subgraphSettings({ subgraphs }: Settings, name: string): SubgraphSettings {
  // A subgraph may be called like something that every object has.
  return (Object.hasOwn(subgraphs, name) ? subgraphs[name] : subgraphs['*']) ?? SUBGRAPH
}
