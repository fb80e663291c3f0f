import { addDays, dayOf } from './days.ts'

/** What a production order's date is computed from. */
export interface Demand {
  /** Instant of the shortage. */
  readonly shortAt: string
  /** Earliest instant that the customer was promised; null while nothing is promised. */
  readonly promisedFrom: string | null
  /** Of all components, because they are procured side by side. */
  readonly leadTimesDays: readonly number[]
}

/**
 * The day the goods must be there: the last on which they can still be sent to be with the customer when the promise
 * begins, but never before the longest lead time allows.
 */
export function requiredBy({ shortAt, promisedFrom, leadTimesDays }: Demand, zone: string): string {
  const possible = addDays(dayOf(shortAt, zone), Math.max(0, ...leadTimesDays))
  if (promisedFrom === null) return possible
  const wanted = addDays(dayOf(promisedFrom, zone), -1)
  return wanted.localeCompare(possible) > 0 ? wanted : possible
}
