import { cpus } from 'node:os'

/** What a benchmark found, in the form that `--json` prints. */

export interface Figure {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

export interface Report {
  readonly name: string
  readonly node: string
  readonly cpu: string
  readonly figures: Readonly<Record<string, Figure>>
  readonly ratios: Readonly<Record<string, number>>
}

/** A report, and what only people read. */
export interface Outcome {
  readonly report: Report
  readonly table: string
  /** Whether something missed its bound. */
  readonly failed: boolean
}

/** Median, least and most of what was measured; null when nothing was. */
export function figure(values: readonly number[], unit: string): Figure | null {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) return null
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? min
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
  return { median: round(median), min: round(min), max: round(max), unit }
}

/** Four significant digits: no figure here is better than that. */
export function round(value: number): number {
  return Number(value.toPrecision(4))
}

export function reportOf(name: string, figures: Report['figures'], ratios: Report['ratios']): Report {
  return { name, node: process.version, cpu: `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}`, figures, ratios }
}

/** Columns under their headings, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => (row[column] ?? '').length))
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [line(headings), widths.map(width => '-'.repeat(width)).join('  '), ...rows.map(line)]
    .join('\n')
    .replace(/ +$/gm, '')
}

/** Progress, for people: stdout is the report's. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
