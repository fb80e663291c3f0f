import { DateTime, type TokenParser } from 'luxon'
import { instant } from '../../platform/clock.ts'
import type { Cell } from './rows.ts'

/** A moment, and whether its local time was skipped when clocks went forward: it is moved forward with them. */
export interface ReadInstant {
  readonly at: string
  readonly gap: boolean
}

const parsers = new Map<string, TokenParser>()
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * Reads a time in a format; one that names no zone is local time of `zone`, and the first of two when clocks went back.
 * Null when it is not of the format.
 */
export function readInstant(cell: Cell, format: string, zone: string): ReadInstant | null {
  const time = parse(cell, format, zone)
  if (!time.isValid) return null
  const ms = time.toMillis()
  const change = time.offset - time.zone.offset(ms - HOUR)
  // Only within an hour of a change does a local time mean none or two; elsewhere a second reading is wasted.
  if (change === 0 || namesZone(cell, format)) return { at: instant(ms), gap: false }
  if (change < 0) return { at: instant(ms + change * MINUTE), gap: false }
  return { at: instant(ms), gap: parse(cell, format, 'utc').toFormat('HH:mm') !== time.toFormat('HH:mm') }
}

/** A text that names its zone is the same moment wherever it is read. */
function namesZone(cell: Cell, format: string): boolean {
  return parse(cell, format, 'utc').toMillis() === parse(cell, format, 'utc+1').toMillis()
}

function parse(cell: Cell, format: string, zone: string): DateTime {
  // A spreadsheet's date is a wall clock's, written as if it were UTC.
  if (cell instanceof Date) return DateTime.fromJSDate(cell, { zone: 'utc' }).setZone(zone, { keepLocalTime: true })
  switch (format) {
    case 'iso':
      return DateTime.fromISO(cell, { zone })
    case 'seconds':
      return DateTime.fromSeconds(Number(cell || 'none'))
    case 'milliseconds':
      return DateTime.fromMillis(Number(cell || 'none'))
  }
  const parser = parsers.get(format) ?? DateTime.buildFormatParser(format, { locale: 'en' })
  parsers.set(format, parser)
  return DateTime.fromFormatParser(cell, parser, { zone, locale: 'en' })
}
