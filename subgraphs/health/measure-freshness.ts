import { groupBy } from '../../platform/group-by.ts'
import { type Measure, unknownMeasurement } from './measurement.ts'
import { FeedReport } from './order-pulse.ts'
import { bootstrapMedianOfMedians, median, percentile } from './statistics.ts'

const MINUTE = 60_000

/** Minutes between a fact and our knowing it: the median over sources of each source's median, so that no feed drowns another. */
export const measureFreshness: Measure = async (reads, { company, from, to }) => {
  const reports = await reads
    .createQueryBuilder(FeedReport, 'f')
    .where('f.company = :company AND f.availableAt >= :from AND f.availableAt < :to', { company, from, to })
    .getMany()
  if (reports.length === 0) return unknownMeasurement('no source system reported in the window')

  const bySource = [...groupBy(reports, report => report.source)].map(([name, own]) => ({
    name,
    delays: own.map(r => Math.max(0, Date.parse(r.availableAt) - Date.parse(r.occurredAt)) / MINUTE),
    last:
      own
        .map(r => r.availableAt)
        .sort()
        .at(-1) ?? from
  }))
  const parts = bySource
    .map(({ name, delays }) => ({ name, value: median(delays) ?? 0, n: delays.length }))
    .sort((a, b) => b.value - a.value)
  const delays = bySource.map(source => source.delays)
  const p95 = percentile(delays.flat(), 0.95) ?? 0
  return {
    value: median(parts.map(part => part.value)),
    n: reports.length,
    interval: bootstrapMedianOfMedians(delays),
    parts,
    notes: [
      `p95 ${p95.toFixed(1)} min over ${bySource.length} sources`,
      ...bySource.map(
        ({ name, last }) => `${name} silent for ${((Date.parse(to) - Date.parse(last)) / MINUTE).toFixed(0)} min`
      )
    ],
    unknown: null
  }
}
