import { invariant } from '../../platform/errors.ts'
import type { Status } from './import-target.ts'
import type { ReportedNote } from './notes.ts'
import type { SourceFile } from './rows.ts'

/** What became of a file's rows: imported + unchanged + rejected + joined = rows. */
export interface FileReport {
  readonly file: string
  readonly source: string
  readonly rows: number
  /** Taken in for their own sake. */
  readonly imported: number
  /** Here already with the same facts. */
  readonly unchanged: number
  readonly rejected: number
  /** Part of orders that were imported or unchanged. */
  readonly joined: number
}

export interface ImportReport {
  readonly files: readonly FileReport[]
  readonly orders: {
    readonly imported: number
    readonly unchanged: number
    readonly rejected: number
    /** Of the orders imported or unchanged. */
    readonly byStatus: Readonly<Record<Status, number>>
  }
  /** Decisions that orders with gaps or contradictions needed. */
  readonly notes: readonly ReportedNote[]
  readonly rejects: { readonly rows: number; readonly file: string }
  readonly seconds: number
}

export type RowOutcome = 'imported' | 'unchanged' | 'rejected' | 'joined'

/** Counts the rows of each file by what became of them. */
export class Tally {
  readonly #files = new Map<SourceFile, { rows: number } & Record<RowOutcome, number>>()

  read(file: SourceFile): void {
    this.#of(file).rows += 1
  }

  count(file: SourceFile, outcome: RowOutcome, rows = 1): void {
    this.#of(file)[outcome] += rows
  }

  /** Throws when a row is unaccounted for: that is a bug. */
  report(): readonly FileReport[] {
    return [...this.#files].map(([{ name, source }, counts]) => {
      const accounted = counts.imported + counts.unchanged + counts.rejected + counts.joined
      invariant(accounted === counts.rows, `${name}: ${counts.rows} rows read, ${accounted} accounted for`)
      return { file: name, source, ...counts }
    })
  }

  #of(file: SourceFile) {
    const counts = this.#files.get(file) ?? { rows: 0, imported: 0, unchanged: 0, rejected: 0, joined: 0 }
    this.#files.set(file, counts)
    return counts
  }
}

/** The report for people. */
export function reportTable({ files, orders, notes, rejects, seconds }: ImportReport): string {
  const head = ['file', 'rows', 'imported', 'unchanged', 'rejected', 'joined']
  const rows = files.map(f => [f.file, f.rows, f.imported, f.unchanged, f.rejected, f.joined].map(String))
  const statuses = Object.entries(orders.byStatus).map(([status, count]) => [status, String(count)])
  const lines = [
    ...columns([head, ...rows]),
    '',
    ...columns([['orders', String(orders.imported + orders.unchanged)], ...statuses]),
    '',
    ...notes.map(note => `${note.orders} orders: ${note.meaning}`),
    `${rejects.rows} rows rejected${rejects.rows > 0 ? `, with reasons in ${rejects.file}` : ''}`,
    `${seconds} s`
  ]
  return lines.join('\n')
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)))
  return rows.map(row =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  )
}
