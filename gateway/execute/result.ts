import type { GraphQLError } from 'graphql'

/** The answer to one request, or to one event of a subscription. */
export interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly GraphQLError[]
  readonly extensions?: {
    /** Last log position of what was written (semantics W3). */
    readonly position?: number
    /** Some room had not applied what the caller wanted it to. */
    readonly stale?: boolean
    /** The plan as it was run; for operators who ask. */
    readonly plan?: unknown
  }
}
