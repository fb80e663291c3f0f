import { In } from 'typeorm'
import { chunks } from '../../platform/database/dialect.ts'
import { groupBy } from '../../platform/group-by.ts'
import { type Measure, scaled, unknownMeasurement } from './measurement.ts'
import { OrderStatusRow } from './order-pulse.ts'
import { wilson } from './statistics.ts'
import { StatusReport } from './status-report.ts'

/** Milliseconds by which a system may be before or behind us and still agree. */
export const GRACE = 15 * 60_000

/** Of (order, system) pairs, by the system's last word in the window, those that say what our own history says. */
export const measureConsistency: Measure = async (reads, { company, from, to }) => {
  const reports = await reads
    .createQueryBuilder(StatusReport, 'r')
    .where('r.company = :company AND r.occurredAt >= :from AND r.occurredAt < :to', { company, from, to })
    .orderBy('r.occurredAt')
    .addOrderBy('r.id')
    .getMany()
  const last = new Map(reports.map(report => [`${report.orderId}\u0000${report.system}`, report]))
  const histories = new Map<string, OrderStatusRow[]>()
  for (const ids of chunks([...new Set([...last.values()].map(report => report.orderId))], 500)) {
    const rows = await reads.find(OrderStatusRow, { where: { orderId: In([...ids]) }, order: { version: 'ASC' } })
    for (const [orderId, history] of groupBy(rows, row => row.orderId)) histories.set(orderId, history)
  }
  const compared = [...last.values()].flatMap(report => {
    const codes = codesAround(histories.get(report.orderId) ?? [], Date.parse(report.occurredAt))
    return codes.length === 0 ? [] : [{ system: report.system, agrees: codes.includes(report.statusCode) }]
  })
  const skipped = last.size - compared.length
  const notes = [
    `grace ${GRACE / 60_000} min`,
    ...(skipped > 0 ? [`${skipped} pairs not compared: our history does not reach back to them`] : [])
  ]
  if (compared.length === 0)
    return unknownMeasurement('no system reported the status of an order in the window', 0, notes)

  const hits = compared.filter(pair => pair.agrees).length
  const parts = [...groupBy(compared, pair => pair.system)]
    .map(([name, pairs]) => ({ name, value: share(pairs.filter(p => p.agrees).length, pairs.length), n: pairs.length }))
    .sort((a, b) => a.value - b.value)
  const n = compared.length
  return { value: share(hits, n), n, interval: scaled(wilson(hits, n), 100), parts, notes, unknown: null }
}

/** The statuses that the order had at some time within the grace around the moment; none before we knew of it. */
function codesAround(history: readonly OrderStatusRow[], moment: number): readonly number[] {
  return history.flatMap(({ code, at }, i) => {
    const next = history[i + 1]
    const until = next ? Date.parse(next.at) : Number.POSITIVE_INFINITY
    return Date.parse(at) <= moment + GRACE && until > moment - GRACE ? [code] : []
  })
}

function share(hits: number, n: number): number {
  return (100 * hits) / n
}
