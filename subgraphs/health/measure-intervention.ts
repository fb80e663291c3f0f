import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { type Measure, type MeasuredWindow, scaled, unknownMeasurement } from './measurement.ts'
import { OrderPulse } from './order-pulse.ts'
import { wilson } from './statistics.ts'

const NOTES = ['cancellations are counted; changes of address, carrier and time are not in the log yet']
/** Orders that a baseline needs. */
const ENOUGH = 30

/** Changes that customers made, per 100 orders placed here; scored against the window before this one. */
export const measureIntervention: Measure = async (reads, window) => {
  const { orders, changes, unsigned } = await count(reads, window)
  if (orders === 0) return unknownMeasurement('no order was placed here in the window', 0, NOTES)
  if (unsigned > 0) return unknownMeasurement(`${unsigned} cancellations do not say who made them`, orders, NOTES)

  const length = Date.parse(window.to) - Date.parse(window.from)
  const before = await count(reads, { ...window, from: instant(Date.parse(window.from) - length), to: window.from })
  const known = before.orders >= ENOUGH && before.unsigned === 0
  return {
    value: (100 * changes) / orders,
    n: orders,
    // A window may see more changes than orders, when earlier orders are cancelled in it; a share it is not then.
    interval: scaled(wilson(Math.min(changes, orders), orders), 100),
    parts: [{ name: 'cancel', value: (100 * changes) / orders, n: changes }],
    notes: NOTES,
    unknown: known ? null : `no score: the window before has ${before.orders} orders, and a baseline needs ${ENOUGH}`,
    baseline: known ? (100 * before.changes) / before.orders : null
  }
}

async function count(reads: EntityManager, { company, from, to }: MeasuredWindow) {
  const here = reads
    .createQueryBuilder(OrderPulse, 'o')
    .where('o.company = :company AND o.backfill = :no', { company, no: false })
  const placed = here.clone().andWhere('o.placedAt >= :from AND o.placedAt < :to', { from, to })
  const cancelled = here.clone().andWhere('o.cancelledAt >= :from AND o.cancelledAt < :to', { from, to })
  const [orders, changes, unsigned] = await Promise.all([
    placed.getCount(),
    cancelled.clone().andWhere("o.cancelledBy = 'customer'").getCount(),
    cancelled.clone().andWhere('o.cancelledBy IS NULL').getCount()
  ])
  return { orders, changes, unsigned }
}
