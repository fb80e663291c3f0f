import { type Figure, table } from '../support/report.ts'
import type { Contestant } from './contestant.ts'

type Figures = Readonly<Record<string, Figure>>

const COLUMNS: readonly (readonly [heading: string, suffix: string])[] = [
  ['CPU ms', 'cpu_ms'],
  ['req/s', 'rps'],
  ['p50 ms', 'p50_ms'],
  ['p99 ms', 'p99_ms'],
  ['waited', 'waited'],
  ['fetches', 'fetches'],
  ['peak MB', 'rss_mb'],
  ['cold ms', 'cold_start_ms'],
  ['disk MB', 'install_mb']
]

/** Everything for people to read: medians, and for CPU its least and most. */
export function routerTable(
  contestants: readonly Contestant[],
  figures: Figures,
  ratios: Readonly<Record<string, number>>,
  absences: readonly string[]
): string {
  const parts = [
    part('Deep query, 50 connections', '', COLUMNS, contestants, figures),
    part('200 different operations, first time', 'many_cold_', COLUMNS.slice(0, 5), contestants, figures),
    part('200 different operations, again', 'many_warm_', COLUMNS.slice(0, 5), contestants, figures),
    part('Deep query, subgraphs take 5 ms', 'latency5_', COLUMNS.slice(0, 5), contestants, figures),
    table(
      ['CPU of ours, divided by', 'ratio'],
      Object.entries(ratios).map(([key, value]) => [key.replace('cpu_vs_', ''), value.toFixed(3)])
    ),
    absences.join('\n'),
    NOTES
  ]
  return parts.filter(text => text !== '').join('\n\n')
}

const NOTES = `CPU ms is the router's processes alone, per request, median [least–most] of the rounds. waited: how
long it was ready to run while other programs had its core; rates and latencies are worth little where that is much. fetches: subgraph requests per request.
peak MB: the most that it held, from its start on. cold ms: from its start to its first right answer. disk MB: ours is the
whole product with every production dependency, of which the router alone needs a part; a peer's is its node_modules.`

function part(
  title: string,
  prefix: string,
  columns: typeof COLUMNS,
  contestants: readonly Contestant[],
  figures: Figures
): string {
  const rows = contestants
    .filter(({ key }) => figures[`${prefix}${key}_cpu_ms`])
    .map(({ key, label }) => [
      label,
      ...columns.map(([, suffix]) => cell(figures[`${prefix}${key}_${suffix}`], suffix))
    ])
  return rows.length === 0 ? '' : `${title}\n${table(['', ...columns.map(([heading]) => heading)], rows)}`
}

function cell(figure: Figure | undefined, suffix: string): string {
  if (!figure) return '–'
  const { median, min, max } = figure
  if (suffix === 'cpu_ms') return `${median.toFixed(3)} [${min.toFixed(3)}–${max.toFixed(3)}]`
  if (suffix === 'waited') return `${(100 * median).toFixed(0)} %`
  return median >= 100 ? String(Math.round(median)) : median.toFixed(1)
}
