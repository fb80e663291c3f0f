import { groupBy } from '../../platform/group-by.ts'
import { type Measure, scaled, unknownMeasurement } from './measurement.ts'
import { OrderPulse } from './order-pulse.ts'
import { wilson } from './statistics.ts'

const NOTES = ['only orders that were paid here can be routed here: imported ones are left out']

/** Of orders that were paid here and shipped in the window: those whose route a strategy had decided. */
export const measureCoverage: Measure = async (reads, { company, from, to }) => {
  const shipped = await reads
    .createQueryBuilder(OrderPulse, 'o')
    .where('o.company = :company AND o.shippedAt >= :from AND o.shippedAt < :to', { company, from, to })
    .andWhere('o.paidAt IS NOT NULL AND o.backfill = :no', { no: false })
    .getMany()
  if (shipped.length === 0) return unknownMeasurement('no order that was paid here was shipped in the window', 0, NOTES)

  const strategyOf = ({ strategy, routedAt, shippedAt }: OrderPulse): string =>
    strategy !== null && routedAt !== null && shippedAt !== null && routedAt <= shippedAt ? strategy : NONE
  const n = shipped.length
  const routed = shipped.filter(order => strategyOf(order) !== NONE).length
  const parts = [...groupBy(shipped, strategyOf)]
    .map(([name, orders]) => ({ name, value: (100 * orders.length) / n, n: orders.length }))
    .sort((a, b) => Number(b.name === NONE) - Number(a.name === NONE) || b.value - a.value)
  return { value: (100 * routed) / n, n, interval: scaled(wilson(routed, n), 100), parts, notes: NOTES, unknown: null }
}

const NONE = 'no strategy'
