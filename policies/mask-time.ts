const formatters = new Map<string, Intl.DateTimeFormat>()

/** The day of an instant in a zone; null for what is no instant. */
export function dayOf(value: unknown, zone: string): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
  if (Number.isNaN(time)) return null
  let formatter = formatters.get(zone)
  if (!formatter) {
    // Sweden writes days as ISO 8601 does.
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(zone, formatter)
  }
  return formatter.format(time)
}

/** The month of an instant in a zone, or of a day as it stands; null for what is neither. */
export function monthOf(value: unknown, zone: string): string | null {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value.slice(0, 7)
  return dayOf(value, zone)?.slice(0, 7) ?? null
}

/** The first instant of a day in a zone, in milliseconds. */
export function startOfDay(day: string, zone: string): number {
  const hour = 3_600_000
  let time = Date.parse(`${day}T00:00:00Z`) - 14 * hour
  // Zones are whole quarters of an hour away from UTC.
  while (dayOf(time, zone) !== day) time += hour / 4
  return time
}
