import type { Target } from './target.ts'

/** What a case must keep to. What is not stated is reported alone. */
export interface Bounds {
  /** CPU of the router for one attack, in milliseconds. */
  readonly cpuMs?: number
  /** The ordinary caller's p99, in milliseconds, where more is asked than of every case. */
  readonly probeMs?: number
  /** How much more memory the router may hold, in MB. */
  readonly growthMb?: number
  /** How long until the router has rid itself of it, in milliseconds. */
  readonly endedMs?: number
}

/** How the router took an attack. */
export interface Taken {
  /** How often it was made. */
  readonly attacks: number
  /** What was answered, as people read it. */
  readonly seen: string
  /** What was wrong with that; null when nothing was. */
  readonly wrong: string | null
  /** Latency of one attack in milliseconds, median. */
  readonly latencyMs?: number
  readonly endedMs?: number
}

/** One attack of security.md, part B. */
export interface Case {
  readonly id: string
  readonly title: string
  readonly bounds: Bounds
  /** Makes the attack; throws SkipCase where it cannot be made. */
  attack(target: Target): Promise<Taken>
}

/** Says why a case cannot be run. */
export class SkipCase extends Error {
  override readonly name = 'SkipCase'
}

/** Counts what was seen, the most frequent first. */
export function tally(seen: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([each, count]) => (count === 1 ? each : `${each} ×${count}`))
    .join(', ')
}
