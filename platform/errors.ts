import { GraphQLError } from 'graphql'

/** Every code that a client can meet as `extensions.code`, with its HTTP status and whether trying again can help. */
export const FAULTS = {
  GRAPHQL_PARSE_FAILED: { status: 400, retryable: false },
  GRAPHQL_VALIDATION_FAILED: { status: 400, retryable: false },
  OPERATION_RESOLUTION_FAILURE: { status: 400, retryable: false },
  BAD_REQUEST: { status: 400, retryable: false },
  BAD_USER_INPUT: { status: 400, retryable: false },
  OPERATION_LIMIT: { status: 400, retryable: false },
  PERSISTED_QUERY_NOT_FOUND: { status: 200, retryable: false },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, retryable: false },
  PERSISTED_QUERY_NOT_IN_LIST: { status: 400, retryable: false },
  PERSISTED_QUERY_ID_REQUIRED: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  UNAUTHORIZED_FIELD_OR_TYPE: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  NOT_ACCEPTABLE: { status: 406, retryable: false },
  REQUEST_TIMEOUT: { status: 408, retryable: true },
  CONFLICT: { status: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  HEADERS_TOO_LARGE: { status: 431, retryable: false },
  RATE_LIMITED: { status: 429, retryable: true },
  CURSOR_EXPIRED: { status: 410, retryable: false },
  CURSOR_INVALID: { status: 400, retryable: false },
  GRANT_WITHDRAWN: { status: 403, retryable: false },
  SUBSCRIPTION_INTERRUPTED: { status: 410, retryable: false },
  SUBGRAPH_UNAVAILABLE: { status: 502, retryable: true },
  IDENTITY_UNAVAILABLE: { status: 503, retryable: true },
  TIMEOUT: { status: 504, retryable: true },
  INTERNAL: { status: 500, retryable: false }
} as const

export type FaultCode = keyof typeof FAULTS

/** Something failed and the caller may know what. Its message says what to do; anything that is not a Fault is a bug. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: FaultCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions
  ) {
    super(message, options)
    this.code = code
    this.details = details
  }

  get status(): number {
    return FAULTS[this.code].status
  }

  /** The same as a GraphQL error, for resolvers and responses. */
  toGraphQL(): GraphQLError {
    return new GraphQLError(this.message, { extensions: { ...this.details, code: this.code } })
  }
}

/** What cannot be: its failure is a bug of ours, and never the caller's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`)
}
