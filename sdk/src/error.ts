/** One error of a GraphQL answer, as it came. */
export interface GraphQLErrorData {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** Codes after which the same request may succeed. `UNREACHABLE` is this client's own: no answer came. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'IDENTITY_UNAVAILABLE',
  'RATE_LIMITED',
  'REQUEST_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT',
  'UNREACHABLE'
])

/** What stands for a code when an answer carries none, by HTTP status. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  502: 'UNREACHABLE',
  503: 'UNREACHABLE',
  504: 'TIMEOUT'
}

interface Parts {
  readonly details?: Readonly<Record<string, unknown>>
  readonly errors?: readonly GraphQLErrorData[]
  readonly status?: number | null
  readonly cause?: unknown
}

/**
 * The one error of this client. `code` is `extensions.code` of the first error, or `UNREACHABLE` when no answer came;
 * `details` is what else stands in its extensions, such as `oldestCursor`.
 */
export class OaasError extends Error {
  override readonly name = 'OaasError'
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  /** All errors of the answer. */
  readonly errors: readonly GraphQLErrorData[]
  /** HTTP status; null over a websocket, or when no answer came. */
  readonly status: number | null

  constructor(code: string, message: string, parts: Parts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.code = code
    this.details = parts.details ?? {}
    this.errors = parts.errors ?? []
    this.status = parts.status ?? null
  }

  /** Whether trying the same again can help. Mutations are safe to repeat: their `idempotencyKey` sees to it. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code)
  }

  /** From the errors of an answer that has no data. */
  static from(errors: readonly GraphQLErrorData[], status: number | null): OaasError {
    const first = errors[0]
    const { code, ...details } = first?.extensions ?? {}
    const known = typeof code === 'string' ? code : codeOf(status)
    return new OaasError(known, first?.message ?? 'The request was refused without a reason.', {
      details,
      errors,
      status
    })
  }
}

/** The code for an HTTP status that came without one. */
export function codeOf(status: number | null): string {
  return (status === null ? undefined : CODES[status]) ?? 'INTERNAL'
}

/** The errors of a parsed answer, without trusting its shape. */
export function errorsOf(value: unknown): readonly GraphQLErrorData[] {
  return Array.isArray(value) ? value.filter(isErrorData) : []
}

function isErrorData(value: unknown): value is GraphQLErrorData {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
}
