import { type Figure, figure, round } from '../support/report.ts'
import type { Sample } from './measure.ts'

/** Collects what rounds say, by figure. */
export interface Figures {
  add(key: string, unit: string, value: number): void
  sample(prefix: string, sample: Sample): void
  all(): Readonly<Record<string, Figure>>
}

/** An empty collection. */
export function createFigures(): Figures {
  const values = new Map<string, { readonly unit: string; readonly values: number[] }>()
  const add: Figures['add'] = (key, unit, value) => {
    const known = values.get(key) ?? { unit, values: [] }
    known.values.push(value)
    values.set(key, known)
  }
  return {
    add,
    sample(prefix, { cpuMs, rps, p50, p99, waited }) {
      add(`${prefix}_cpu_ms`, 'ms', cpuMs)
      add(`${prefix}_rps`, '1/s', rps)
      add(`${prefix}_p50_ms`, 'ms', p50)
      add(`${prefix}_p99_ms`, 'ms', p99)
      add(`${prefix}_waited`, 'share', waited)
    },
    all() {
      const made: Record<string, Figure> = {}
      for (const [key, { unit, values: list }] of values) {
        const one = figure(list, unit)
        if (one) made[key] = one
      }
      return made
    }
  }
}

/** Ours to each of the others, alone and deduplicating; where one is missing there is no ratio. */
export function ratiosOf(figures: Readonly<Record<string, Figure>>): Readonly<Record<string, number>> {
  const made: Record<string, number> = {}
  const compare = (ours: string, other: string) => {
    const [mine, theirs] = [figures[`${ours}_cpu_ms`]?.median, figures[`${other}_cpu_ms`]?.median]
    if (mine !== undefined && theirs !== undefined) made[`cpu_vs_${other}`] = round(mine / theirs)
  }
  for (const other of ['floor', 'hive_rust', 'hive', 'apollo', 'mercurius', 'grafbase']) compare('ours', other)
  for (const other of ['floor_dedupe', 'hive_rust_dedupe', 'hive_dedupe']) compare('ours_dedupe', other)
  return made
}
