import { Duration } from 'luxon'
import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import { measureConsistency } from './measure-consistency.ts'
import { measureCoverage } from './measure-coverage.ts'
import { measureFreshness } from './measure-freshness.ts'
import { measureInterception } from './measure-interception.ts'
import { measureIntervention } from './measure-intervention.ts'
import type { Measure, Measurement } from './measurement.ts'
import { type Metric, MetricId, type Pulse } from './pulse.ts'

interface Preset {
  readonly id: MetricId
  readonly weight: number
  readonly unit: string
  readonly formula: string
  /** Score 100 and score 0; null = against a baseline. */
  readonly range: { readonly target: number; readonly worst: number } | null
  readonly measure: Measure
}

/** Targets of the study; the zero points are the study's starting figures and alarms where it names them. */
const PRESETS: readonly Preset[] = [
  {
    id: MetricId.DATA_FRESHNESS,
    weight: 8,
    unit: 'min',
    formula: 'median over sources of median(available − occurred)',
    range: { target: 1, worst: 15 },
    measure: measureFreshness
  },
  {
    id: MetricId.STATUS_CONSISTENCY,
    weight: 8,
    unit: '%',
    formula: '(order, system) pairs whose status equals ours after grace / pairs compared',
    range: { target: 99.1, worst: 64 },
    measure: measureConsistency
  },
  {
    id: MetricId.EXCEPTION_INTERCEPTION,
    weight: 6,
    unit: '%',
    formula: 'exceptions blocked before release / (blocked + escaped)',
    range: { target: 95, worst: 0 },
    measure: measureInterception
  },
  {
    id: MetricId.STRATEGY_COVERAGE,
    weight: 6,
    unit: '%',
    formula: 'shipped orders routed by a strategy / shipped orders that could be routed',
    range: { target: 80, worst: 0 },
    measure: measureCoverage
  },
  {
    id: MetricId.CUSTOMER_INTERVENTION,
    weight: 4,
    unit: 'per 100 orders',
    formula: '100 × changes made by customers / orders placed',
    range: null,
    measure: measureIntervention
  }
]
const ALL_WEIGHTS = 100
export const DEFAULT_WINDOW = 'P30D'
const LONGEST_WINDOW = Duration.fromObject({ days: 731 }).toMillis()

/** The five dimensions over the window that ends now, by the time of the facts. Throws Fault BAD_USER_INPUT for a window of nothing or of years. */
export async function readPulse(reads: EntityManager, company: string, now: number, window: string): Promise<Pulse> {
  const length = Duration.fromISO(window).toMillis()
  if (!(length > 0 && length <= LONGEST_WINDOW)) {
    throw new Fault(
      'BAD_USER_INPUT',
      `The window ${window} is not between a second and two years; try ${DEFAULT_WINDOW}.`
    )
  }
  // Facts of this very instant belong to the window.
  const range = { company, from: instant(now - length), to: instant(now + 1) }
  const metrics = await Promise.all(PRESETS.map(async preset => metric(preset, await preset.measure(reads, range))))
  const scored = metrics.flatMap(({ id, weight, score }) =>
    score === null ? [] : [{ id, weight, lost: weight * (100 - score) }]
  )
  const weight = scored.reduce((sum, m) => sum + m.weight, 0)
  const lost = scored.reduce((sum, m) => sum + m.lost, 0)
  const weakest = [...scored].sort((a, b) => b.lost - a.lost)[0]
  return {
    window,
    from: range.from,
    to: instant(now),
    health: weight === 0 ? null : 100 - lost / weight,
    coverage: weight / ALL_WEIGHTS,
    weakest: weakest && weakest.lost > 0 ? weakest.id : null,
    metrics
  }
}

function metric({ id, weight, unit, formula, range }: Preset, measured: Measurement): Metric {
  const { value, n, interval, parts, notes, unknown, baseline } = measured
  const target = range?.target ?? baseline ?? null
  const worst = range?.worst ?? (baseline == null ? null : 2 * baseline)
  const score = value === null || target === null || worst === null ? null : scoreOf(value, target, worst)
  const lostPoints = score === null ? null : (weight * (100 - score)) / 100
  const shared = { id, formula, unit, value, n, score, weight, target, worst, lostPoints, unknown, parts, notes }
  return { ...shared, confidenceInterval: interval }
}

function scoreOf(value: number, target: number, worst: number): number {
  // A baseline of nothing leaves no range: as good as it or not.
  if (target === worst) return value <= target ? 100 : 0
  return 100 * Math.min(1, Math.max(0, (value - worst) / (target - worst)))
}
