import { errorsOf, OaasError } from './error.ts'

/** Close codes of graphql-transport-ws that say: the same again would be refused again. */
const FATAL_CLOSES: ReadonlySet<number> = new Set([4004, 4400, 4406, 4409, 4429])
/** The gateway closes with 4401 when it does not know the token, and with 4403 when the token runs out. */
const TOKEN_CLOSES: Readonly<Record<number, string>> = { 4401: 'UNAUTHENTICATED', 4403: 'FORBIDDEN' }

/** What ended a subscription, as the error to stop with; null when reconnecting can help. */
export function refusal(cause: unknown): OaasError | null {
  const error = asError(cause)
  return error?.retryable ? null : error
}

/** Whether the connection was refused for its token, so that a new one may be let in. */
export function tokenRefused(cause: unknown): boolean {
  return isClose(cause) && cause.code in TOKEN_CLOSES
}

function asError(cause: unknown): OaasError | null {
  if (cause instanceof OaasError) return cause
  if (Array.isArray(cause)) return OaasError.from(errorsOf(cause), null)
  if (!isClose(cause)) return null
  const token = TOKEN_CLOSES[cause.code]
  const message = cause.reason || `The websocket was closed with ${cause.code}.`
  if (token) return new OaasError(token, message, { cause })
  return FATAL_CLOSES.has(cause.code) ? new OaasError('BAD_REQUEST', message, { cause }) : null
}

function isClose(cause: unknown): cause is { code: number; reason: string } {
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'code' in cause &&
    typeof cause.code === 'number' &&
    'reason' in cause &&
    typeof cause.reason === 'string'
  )
}
