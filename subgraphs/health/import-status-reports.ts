import { instant } from '../../platform/clock.ts'
import { chunks } from '../../platform/database/dialect.ts'
import { newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { statusReported } from './events.ts'
import type { HealthDeps } from './health-deps.ts'
import { codeFor } from './order-status.ts'
import { knownReport } from './report-status.ts'
import { StatusReport } from './status-report.ts'

/** What a system said in the past. */
export interface ImportedStatusReport {
  /** Default `demo`. */
  readonly company?: string
  readonly system: string
  readonly orderId: string
  /** In the system's own words, or one of our codes as text. */
  readonly status: string
  /** ISO UTC. */
  readonly occurredAt: string
  /** When it reached the company, ISO UTC; without it the report tells nothing of the feed's delay. */
  readonly availableAt?: string
}

export interface StatusImportResult {
  readonly imported: number
  readonly unchanged: number
  /** Of orders that are not known, or in words that nobody has mapped. */
  readonly rejected: readonly { readonly report: ImportedStatusReport; readonly reason: string }[]
}

/** Reports of one transaction. */
const CHUNK = 200
const DEFAULT_COMPANY = 'demo'

/** Loads what systems said in bulk; the same again changes nothing, and what cannot be taken is given back with its reason. */
export async function importStatusReports(
  deps: HealthDeps,
  reports: readonly ImportedStatusReport[]
): Promise<StatusImportResult> {
  const rejected: { report: ImportedStatusReport; reason: string }[] = []
  let imported = 0
  for (const part of chunks(reports, CHUNK)) {
    const refused: typeof rejected = []
    imported += await deps.database.transaction(async manager => {
      refused.length = 0
      const keysOf = await shadowKeys(
        manager,
        part.map(report => report.orderId)
      )
      const events: LogEvent[] = []
      for (const report of part) {
        const read = readReport(report, deps.clock.now())
        const keys = keysOf.get(report.orderId)
        if (typeof read === 'string' || keys?.company !== read.row.company) {
          refused.push({ report, reason: typeof read === 'string' ? read : 'the order is not known' })
          continue
        }
        if ((await knownReport(manager, read.row)) !== null) continue
        await manager.insert(StatusReport, read.row)
        events.push(statusReported(read.row, keys, { backfill: true, ...read.arrival }))
      }
      if (events.length > 0) await deps.outbox.add(manager, events)
      return events.length
    })
    rejected.push(...refused)
    deps.outbox.nudge()
  }
  return { imported, unchanged: reports.length - imported - rejected.length, rejected }
}

/** The row of a report and when it arrived, or what is wrong with it. */
function readReport(report: ImportedStatusReport, now: number) {
  const { company = DEFAULT_COMPANY, system, orderId, status, occurredAt: occurred, availableAt: available } = report
  const times = [occurred, available ?? occurred].map(Date.parse)
  if (times.some(Number.isNaN)) return 'a time is not an instant like 2026-03-06T09:30:00Z'
  const statusCode = codeFor(system, status)
  if (statusCode === null) return `${status} is not mapped to a status`
  const [occurredAt, arrivedAt] = times.map(instant) as [string, string]
  const arrival = available === undefined ? {} : { availableAt: arrivedAt }
  const receivedAt = available === undefined ? instant(now) : arrivedAt
  return { row: { id: newId('str'), company, orderId, system, status, statusCode, occurredAt, receivedAt }, arrival }
}
