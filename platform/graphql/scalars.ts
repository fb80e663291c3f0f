import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/
const DAY = /^\d{4}-\d\d-\d\d$/
const DECIMAL = /^-?\d{1,15}(\.\d{1,6})?$/

/** Text that passes `accept`; the scalar's output is the stored text as it is. */
function textScalar(name: string, description: string, accept: (text: string) => string | null): GraphQLScalarType {
  const parse = (value: unknown): string => {
    const accepted = typeof value === 'string' ? accept(value) : null
    if (accepted === null)
      throw new GraphQLError(`${name} cannot be read from ${JSON.stringify(value)?.slice(0, 60)}: ${description}`)
    return accepted
  }
  return new GraphQLScalarType<string, unknown>({
    name,
    description,
    parseValue: parse,
    parseLiteral: node => parse(node.kind === Kind.STRING ? node.value : undefined),
    serialize: value => value
  })
}

export const DateTimeScalar = textScalar(
  'DateTime',
  'An instant in ISO 8601 with its zone, for example 2026-03-06T09:30:00Z.',
  text => {
    const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(time) ? null : new Date(time).toISOString()
  }
)

export const DateScalar = textScalar('Date', 'A day, for example 2026-03-06.', text =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text) ? text : null
)

export const DecimalScalar = textScalar(
  'Decimal',
  'A decimal number as text, for example "19.90"; never a float.',
  text => (DECIMAL.test(text) ? text : null)
)

export const CursorScalar = textScalar(
  'Cursor',
  'An opaque place in a subscription; keep it, and send it back as `after`.',
  text => text
)

export const DurationScalar = textScalar('Duration', 'A span of time in ISO 8601, for example PT15M or P30D.', text =>
  /^P(?=.)(\d+W|(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)$/.test(text) ? text : null
)
