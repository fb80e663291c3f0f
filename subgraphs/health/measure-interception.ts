import { IsNull, Not } from 'typeorm'
import { type Measure, scaled, unknownMeasurement } from './measurement.ts'
import { OrderPulse } from './order-pulse.ts'
import { wilson } from './statistics.ts'

const NOTES = [
  'an exception is a shortage that routing found; it is blocked when it was dealt with before the order left, escaped when not',
  'precision is unknown: the log has no outcome labels'
]

/** Of orders with a shortage whose outcome fell into the window: those that did not leave before it was dealt with. */
export const measureInterception: Measure = async (reads, { company, from, to }) => {
  const short = await reads.findBy(OrderPulse, { company, shortAt: Not(IsNull()) })
  const outcomes = short.flatMap(order => outcome(order) ?? []).filter(({ at }) => at >= from && at < to)
  if (outcomes.length === 0) {
    return unknownMeasurement('no exception came to an end in the window', 0, NOTES)
  }
  const blocked = outcomes.filter(({ escaped }) => !escaped).length
  const n = outcomes.length
  const parts = [{ name: 'stock.shortage', value: (100 * blocked) / n, n }]
  return {
    value: (100 * blocked) / n,
    n,
    interval: scaled(wilson(blocked, n), 100),
    parts,
    notes: NOTES,
    unknown: null
  }
}

/** Null while the exception is open and the order has not left. */
function outcome({
  clearedAt,
  cancelledAt,
  shippedAt
}: OrderPulse): { readonly at: string; readonly escaped: boolean } | null {
  const dealtWith = [clearedAt, cancelledAt].filter(at => at !== null).sort()[0] ?? null
  if (dealtWith !== null && (shippedAt === null || dealtWith <= shippedAt)) return { at: dealtWith, escaped: false }
  return shippedAt === null ? null : { at: shippedAt, escaped: true }
}
