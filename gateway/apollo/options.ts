import type { Logger } from 'pino'
import type { Settings, SubgraphSettings, TransportSettings } from '../settings.ts'
import type { SubgraphFunction } from './subgraph-function.ts'

/** Any part of something, however deep. */
type Part<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [Key in keyof T]?: Part<T[Key]> } : T

/** What of the router's settings file matters inside Apollo Server, in the same shape. */
export interface ApolloSettings extends Part<Pick<Settings, 'limits' | 'authorization' | 'dedupe' | 'overrideLabels'>> {
  readonly transport?: Part<Pick<TransportSettings, 'requestTimeoutMs'>>
  /** By subgraph name; `*` is every other. */
  readonly subgraphs?: Readonly<Record<string, Part<SubgraphSettings>>>
}

/** A request as Apollo Server took it. */
export interface ApolloRequest<Context> {
  /** What the `context` function of the server made. */
  readonly context: Context
  /** A header of the client's request, by its name in any case. */
  header(name: string): string | undefined
}

/** A value that subgraphs are sent; undefined sends none. */
export type HeaderValue<Context> = (request: ApolloRequest<Context>) => string | undefined | Promise<string | undefined>

export interface OaasGatewayOptions<Context> {
  /** The supergraph SDL. Either this or `supergraphFile`. */
  readonly supergraph?: string
  /** A file with the supergraph SDL; served anew whenever it changes. */
  readonly supergraphFile?: string | URL
  /**
   * Limits, and how subgraphs are asked. Identical queries are run once only when `dedupe` says so: what they share,
   * no plugin may change.
   */
  readonly settings?: ApolloSettings
  /**
   * Headers for subgraphs, by name in lower case: made once for each operation, and sent to every subgraph whose settings
   * do not list other `forwardHeaders`. A header that is only listed there is the client’s own.
   */
  readonly headers?: Readonly<Record<string, HeaderValue<Context>>>
  /** How a subgraph is asked in another way than over HTTP, such as in the same process; undefined for every other. */
  readonly executor?: (subgraph: { readonly name: string; readonly url: string }) => SubgraphFunction | undefined
  /**
   * The verified claims of whoever asks, null for nobody in particular: what `@authenticated`, `@requiresScopes` and
   * `@policy` are decided by. A supergraph with such rules is not served without it.
   */
  readonly claims?: (request: ApolloRequest<Context>) => Readonly<Record<string, unknown>> | null
  /** Where what goes wrong is told; by default stderr, one JSON object a line. */
  readonly logger?: Logger
}
