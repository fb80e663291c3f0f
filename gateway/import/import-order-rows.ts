import { type MappedOrder, STATUSES, type Status } from './import-target.ts'
import { gather, type Mapped, mapOrder, type OrderParts } from './map-order.ts'
import type { ImportReport } from './report.ts'
import { BadRow, type Row } from './rows.ts'
import type { ImportRun } from './run-import.ts'

/** Orders that are handed to the room at once. */
const TOGETHER = 500
/** Milliseconds without a sign of life. */
const PATIENCE = 2000

interface Candidate extends Mapped {
  readonly parts: OrderParts
}

/** Streams the orders' files, joins each row with its parts and imports them in batches. */
export async function importOrderRows(run: ImportRun): Promise<ImportReport['orders']> {
  const counts = { imported: 0, unchanged: 0, rejected: 0 }
  const byStatus = new Map<Status, number>(STATUSES.map(status => [status, 0]))
  let candidates: Candidate[] = []
  let spoken = Date.now()

  const refuse = async (row: Row, parts: OrderParts | null, reason: string): Promise<void> => {
    counts.rejected += 1
    await run.reject(row, reason)
    const why = `its order was rejected: ${row.file.name} line ${row.line}`
    for (const child of parts?.children ?? []) child.refused = why
  }

  const write = async (): Promise<void> => {
    const results = await run.target.orders.importOrders(candidates.map(({ order }) => order))
    for (const [i, { parts, order, notes }] of candidates.entries()) {
      const result = results[i]
      if (result && result.outcome !== 'rejected') {
        counts[result.outcome] += 1
        run.tally.count(parts.row.file, result.outcome)
        for (const child of parts.children) child.joined = true
        const status = statusOf(order)
        byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
        run.notes.add(notes)
      } else {
        await refuse(parts.row, parts, result?.reason ?? 'the room did not answer')
      }
    }
    candidates = []
    if (Date.now() - spoken < PATIENCE) return
    spoken = Date.now()
    run.progress(`${counts.imported + counts.unchanged} orders, ${counts.rejected} rejected`)
  }

  for (const { file, table } of run.files.filter(opened => opened.file.source === run.mapping.orders.from)) {
    for await (const { problem, ...rest } of table.rows()) {
      const row = { file, ...rest }
      run.tally.read(file)
      const parts = problem === null ? gather(run, row) : null
      const mapped = parts ? tryToMap(run, parts) : (problem ?? '')
      if (!parts || typeof mapped === 'string') await refuse(row, parts, String(mapped))
      else candidates.push({ ...mapped, parts })
      if (candidates.length >= TOGETHER) await write()
    }
  }
  if (candidates.length > 0) await write()
  return { ...counts, byStatus: Object.fromEntries(byStatus) as ImportReport['orders']['byStatus'] }
}

/** The order, or why it cannot be imported. A joined row that is to blame gets the reason too. */
function tryToMap(run: ImportRun, parts: OrderParts): Mapped | string {
  try {
    return mapOrder(run, parts)
  } catch (error) {
    if (!(error instanceof BadRow)) throw error
    const { row, message } = error
    if (row === parts.row) return message
    for (const child of parts.children) if (child.row === row) child.problem ??= message
    return `${row.file.name} line ${row.line}, which belongs to it, is bad: ${message}`
  }
}

function statusOf({ history }: MappedOrder): Status {
  return history.at(-1)?.status ?? 'AWAITING_PAYMENT'
}
