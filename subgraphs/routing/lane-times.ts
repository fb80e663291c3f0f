/** Parts of the country between which lead times are known; regions are ISO 3166-2 codes. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  EAST: ['CN-SH', 'CN-JS', 'CN-ZJ', 'CN-AH', 'CN-FJ', 'CN-JX', 'CN-SD'],
  SOUTH: ['CN-GD', 'CN-GX', 'CN-HI'],
  NORTH: ['CN-BJ', 'CN-TJ', 'CN-HE', 'CN-SX', 'CN-NM', 'CN-HA'],
  CENTRE: ['CN-HB', 'CN-HN'],
  WEST: ['CN-CQ', 'CN-SC', 'CN-GZ', 'CN-YN', 'CN-SN', 'CN-GS', 'CN-NX'],
  NORTHEAST: ['CN-LN', 'CN-JL', 'CN-HL'],
  REMOTE: ['CN-XZ', 'CN-XJ', 'CN-QH']
}
const ZONE_OF = new Map(Object.entries(ZONES).flatMap(([zone, regions]) => regions.map(region => [region, zone])))

/** Days from handover to the door: [earliest, latest]. */
export type LaneDays = readonly [number, number]

const SAME_REGION: LaneDays = [1, 1]
const SAME_ZONE: LaneDays = [1, 2]
/** Either way; a pair that is not named takes `ELSEWHERE`. */
const LANES: Readonly<Record<string, LaneDays>> = {
  'EAST|SOUTH': [2, 3],
  'EAST|NORTH': [2, 3],
  'CENTRE|EAST': [1, 3],
  'CENTRE|SOUTH': [1, 3],
  'CENTRE|NORTH': [2, 3],
  'NORTH|NORTHEAST': [2, 3],
  'CENTRE|WEST': [2, 3],
  'SOUTH|WEST': [2, 4]
}
const REMOTE: LaneDays = [4, 7]
const ELSEWHERE: LaneDays = [3, 4]
/** Of a region that the table does not know. */
const UNKNOWN: LaneDays = [3, 7]

/** The lead time between two regions, for a customer's day to be promised on. */
export function laneDays(from: string | null, to: string | null): LaneDays {
  if (from !== null && from === to) return SAME_REGION
  const [a, b] = [ZONE_OF.get(from ?? ''), ZONE_OF.get(to ?? '')]
  if (!a || !b) return UNKNOWN
  if (a === 'REMOTE' || b === 'REMOTE') return REMOTE
  if (a === b) return SAME_ZONE
  return LANES[[a, b].sort().join('|')] ?? ELSEWHERE
}

/** By kind of node: the local hour after which an order counts for the next day, and days until it is handed over. */
export const PROCESSING: Readonly<
  Record<'WAREHOUSE' | 'STORE', { readonly cutOffHour: number; readonly days: number }>
> = {
  WAREHOUSE: { cutOffHour: 16, days: 0 },
  STORE: { cutOffHour: 12, days: 1 }
}

/** Days that production takes for as long as the supplier has said nothing. */
export const PRODUCTION_ESTIMATE_DAYS = 7

/** Local hours between which parcels arrive. */
export const DELIVERY_HOURS = { first: 9, last: 21 } as const
