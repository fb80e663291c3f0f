import { DateTime } from 'luxon'
import { invariant } from '../../platform/errors.ts'

/** The day of an instant in the company's zone (semantics W5), as `2026-03-06`. */
export function dayOf(instant: string, zone: string): string {
  const day = DateTime.fromISO(instant, { zone }).toISODate()
  invariant(day, `${instant} is an instant and ${zone} a zone`)
  return day
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  const later = DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate()
  invariant(later, `${day} is a day`)
  return later
}
