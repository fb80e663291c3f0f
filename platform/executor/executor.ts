import type { DocumentNode } from 'graphql'
import type { Access } from '../scope/scope.ts'

/** An operation as the plan compiled it: text for the wire, document for a schema in the same process. */
export interface SubgraphOperation {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly text: string
  readonly document: DocumentNode
}

export interface SubgraphRequest {
  readonly operation: SubgraphOperation
  readonly variables: Readonly<Record<string, unknown>>
  readonly access: Access
  readonly signal?: AbortSignal | undefined
  /** W3C trace context and request id, for logs and traces. */
  readonly trace?: Readonly<Record<string, string>> | undefined
  /** Headers of the client's that the settings let through to this subgraph. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface SubgraphError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/**
 * What is known of all the texts in an answer, from the text in which it came: none holds a character that JSON escapes
 * (`unescaped`), and besides, all characters are of Latin-1, one byte each in memory (`latin1`).
 */
export type KnownTexts = 'unescaped' | 'latin1'

export interface SubgraphResponse {
  readonly data: Readonly<Record<string, unknown>> | null
  /** Absent = nothing is known. */
  readonly texts?: KnownTexts
  readonly errors?: readonly SubgraphError[]
  /** `position`: last log position of what a mutation wrote. `stale`: Read-After was not reached in time (semantics W3). */
  readonly extensions?: { readonly position?: number; readonly stale?: boolean }
}

/** How the router reaches one subgraph. Adapters: a schema in the same process, and HTTP with signed requests. */
export interface Executor extends AsyncDisposable {
  /** Throws Fault SUBGRAPH_UNAVAILABLE or TIMEOUT; GraphQL errors are data. */
  execute(request: SubgraphRequest): Promise<SubgraphResponse>
  /**
   * Starts the subgraph's own subscription: one answer for each of its events, until it completes or the signal fires.
   * Throws like `execute`, at the start and later. Absent where subscriptions read the log.
   */
  subscribe?(request: SubgraphRequest): AsyncIterable<SubgraphResponse>
}
