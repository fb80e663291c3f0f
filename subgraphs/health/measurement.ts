import type { EntityManager } from 'typeorm'
import type { MetricPart } from './pulse.ts'
import type { Interval } from './statistics.ts'

/** What is measured: one company's facts of [from, to), ISO UTC. */
export interface MeasuredWindow {
  readonly company: string
  readonly from: string
  readonly to: string
}

/** One metric's raw result, in its unit. */
export interface Measurement {
  /** Null = unknown; `unknown` then says why. */
  readonly value: number | null
  readonly n: number
  readonly interval: Interval | null
  readonly parts: readonly MetricPart[]
  readonly notes: readonly string[]
  readonly unknown: string | null
  /** What the score is taken against, where it is not the preset target. */
  readonly baseline?: number | null
}

export type Measure = (reads: EntityManager, window: MeasuredWindow) => Promise<Measurement>

/** Nothing happened that could be measured. */
export function unknownMeasurement(why: string, n = 0, notes: readonly string[] = []): Measurement {
  return { value: null, n, interval: null, parts: [], notes, unknown: why }
}

/** An interval in another unit. */
export function scaled(interval: Interval | null, factor: number): Interval | null {
  return interval && { ...interval, low: interval.low * factor, high: interval.high * factor }
}
