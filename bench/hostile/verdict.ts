import type { Case, Taken } from './case.ts'

/** What the ordinary caller met, and what the router used, while an attack ran. */
export interface Beside {
  readonly probeP50: number
  /** Without the time for which the machine had no core for router, subgraph or prober. */
  readonly probeP99: number
  readonly probeMax: number
  readonly probeFailures: readonly string[]
  /** CPU of the router for one attack, without what it uses anyway. */
  readonly cpuMs: number
  readonly growthMb: number
}

/** Milliseconds within which an ordinary caller is answered whatever others do. */
export const PROBE_P99_MS = 100
/** CPU times on a busy machine are worth so much. */
const CPU_NOISE = 1.5

/** The bounds that were missed, in words. `calmP99` is the ordinary caller's when nothing else goes on. */
export function missed({ bounds }: Case, taken: Taken, beside: Beside, calmP99: number): readonly string[] {
  const said: string[] = []
  if (taken.wrong) said.push(taken.wrong)
  if (beside.probeFailures[0])
    said.push(`${beside.probeFailures.length} ordinary callers failed: ${beside.probeFailures[0]}`)
  const over = (what: string, value: number | undefined, bound: number | undefined, allowed = bound) => {
    if (bound === undefined || allowed === undefined) return
    if (value === undefined || value > allowed) said.push(`${what} ${value?.toFixed(1) ?? 'unknown'}, bound ${bound}`)
  }
  const { probeMs = PROBE_P99_MS } = bounds
  over('probe p99 ms', beside.probeP99, probeMs, probeMs + calmP99)
  over('CPU ms', beside.cpuMs, bounds.cpuMs, bounds.cpuMs === undefined ? undefined : bounds.cpuMs * CPU_NOISE)
  over('growth MB', beside.growthMb, bounds.growthMb)
  over('ended after ms', taken.endedMs, bounds.endedMs)
  return said
}
