import { DateTime } from 'luxon'
import { Fault } from '../../platform/errors.ts'

/** Calendar months of the company's zone as `2026-03`, both included. */
export interface Months {
  readonly first: string
  readonly last: string
}

/**
 * The calendar months from a first day to a last, of which the running month may end today. A fixed grid, because two answers
 * that differ by one day would tell of that day's few orders. Throws Fault BAD_USER_INPUT when the days are no such months.
 */
export function wholeMonths(from: string, to: string, today: string): Months {
  if (from > to) throw badInput(`\`from\` (${from}) is after \`to\` (${to}); exchange them.`)
  const first = from.slice(0, 7)
  const end = DateTime.fromISO(to, { zone: 'utc' }).endOf('month').toISODate()
  if (from !== `${first}-01` || (to !== end && to !== today)) {
    throw badInput(
      `Statistics are of whole calendar months: \`from\` (${from}) must be the first day of a month, and \`to\` (${to}) the last day of one, or today (${today}).`
    )
  }
  return { first, last: to.slice(0, 7) }
}

function badInput(message: string): Error {
  return new Fault('BAD_USER_INPUT', message).toGraphQL()
}
