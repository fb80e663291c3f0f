import { type DestinationStream, destination, type Logger, pino } from 'pino'

/** Keys, in lower case, whose values never reach a log: secrets, places in the stream, personal data (semantics W6). */
const SECRET = new Set([
  ...['authorization', 'cookie', 'set-cookie', 'token', 'secret', 'password'],
  ...['cursor', 'cursors', 'after', 'before', 'last-event-id'],
  ...['note', 'phone', 'name', 'address', 'shipto', 'email']
])
const REDACTED = '[redacted]'
const DEEPEST = 8

/** A logger to stderr, one JSON object a line. stdout is for data (the ready line, command output). */
export function createLogger(level = 'info', to: DestinationStream = destination({ dest: 2, sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: label => ({ level: label }),
        log: object => redact(object, 0) as Record<string, unknown>
      },
      // Formatters do not see what a child logger binds. Errors are already plain.
      serializers: { err: value => value, ...Object.fromEntries([...SECRET].map(key => [key, () => REDACTED])) }
    },
    to
  )
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > DEEPEST) return REDACTED
  if (Array.isArray(value)) return value.map(item => redact(item, depth + 1))
  const facts = value instanceof Error ? errorFacts(value) : value
  return Object.fromEntries(
    Object.entries(facts).map(([key, inner]) => [
      key,
      SECRET.has(key.toLowerCase()) ? REDACTED : redact(inner, depth + 1)
    ])
  )
}

/** An error's own properties are left out but its code: drivers keep whole statements with their values there. */
function errorFacts(error: Error): Record<string, unknown> {
  const { message, stack, cause } = error
  const code = 'code' in error ? error.code : undefined
  const errors = error instanceof AggregateError ? error.errors : undefined
  return { type: error.constructor.name, code, message, stack, cause, errors }
}
