import { manyOperations } from '../federation/operations.ts'
import { say } from '../support/report.ts'
import { peakMb, tree } from '../support/usage.ts'
import { type Contestant, type Started, startContestant } from './contestant.ts'
import type { Figures } from './figures.ts'
import { measureMany, measureOne, type Sample } from './measure.ts'
import { GATEWAY_CORE, type Site } from './site.ts'

export interface Rounds {
  readonly rounds: number
  readonly seconds: number
  readonly workloads: boolean
}

const CONNECTIONS = 50
const WARM_UP_SECONDS = 4
const COLD_STARTS = 3
const OPERATIONS = 200
/** Few at once, so that planning is what takes the time. */
const COLD_CONNECTIONS = 5
const LATENCY_MS = 5

/** What every contestant has to get right before it takes part in anything. */
const DEEP = 'the deep query'

/** Who took no part in what, and why, for people. */
export type Absences = readonly string[]

/** Measures every contestant in turn, round after round; one that fails in a load is left out of it from there on. */
export async function runRounds(
  site: Site,
  contestants: readonly Contestant[],
  figures: Figures,
  { rounds, seconds, workloads }: Rounds
): Promise<Absences> {
  const absences: string[] = []
  const out = new Set<string>()
  const running = new Map<string, Started>()
  const { headers } = site
  const leave = (load: string, { key, label }: Contestant, error: unknown) => {
    const why = `${label} took no part in ${load}: ${error instanceof Error ? error.message : String(error)}`
    say(why)
    absences.push(why)
    out.add(`${load} ${key}`)
  }
  const each = async (load: string, measure: (started: Started, key: string) => Promise<Sample | null>) => {
    for (const [key, started] of running) {
      if (out.has(`${load} ${key}`) || out.has(`${DEEP} ${key}`)) continue
      try {
        const sample = await measure(started, key)
        if (sample) say(`${load}: ${key} ${show(sample)}`)
      } catch (error) {
        leave(load, started.contestant, error)
      }
    }
  }

  try {
    for (const contestant of contestants) {
      try {
        running.set(contestant.key, await coldStarts(site, contestant, figures))
      } catch (error) {
        leave(DEEP, contestant, error)
      }
    }
    await each(DEEP, started => measureOne(started, site.deep, given(WARM_UP_SECONDS)))
    for (let round = 1; round <= rounds; round++) {
      await each(DEEP, async (started, key) => {
        const before = await site.subgraphs.requests()
        const sample = await measureOne(started, site.deep, given(seconds))
        figures.sample(key, sample)
        figures.add(`${key}_fetches`, '1/request', ((await site.subgraphs.requests()) - before) / sample.requests)
        return sample
      })
    }
    for (const [key, { process, contestant }] of running) {
      figures.add(`${key}_rss_mb`, 'MB', peakMb(tree(process.pid)))
      if (contestant.installMb) figures.add(`${key}_install_mb`, 'MB', contestant.installMb())
    }
    if (workloads) await otherLoads()
  } finally {
    for (const started of running.values()) await started[Symbol.asyncDispose]()
  }
  return absences

  function given(forSeconds: number) {
    return { headers, connections: CONNECTIONS, seconds: forSeconds }
  }

  async function otherLoads(): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      const operations = manyOperations(site.reference, OPERATIONS, round)
      await each('many operations', async (started, key) => {
        if (!started.contestant.general || key.endsWith('_dedupe')) return null
        const cold = await measureMany(started, operations, { headers, connections: COLD_CONNECTIONS, seconds: null })
        const warm = await measureMany(started, operations, given(seconds / 2))
        figures.sample(`many_cold_${key}`, cold)
        figures.sample(`many_warm_${key}`, warm)
        say(`many operations, first time: ${key} ${show(cold)}`)
        return warm
      })
    }
    await site.subgraphs.setDelay(LATENCY_MS)
    for (let round = 1; round <= rounds; round++) {
      await each('latency', async (started, key) => {
        if (key.endsWith('_dedupe')) return null
        const sample = await measureOne(started, site.deep, given(seconds / 2))
        figures.sample(`latency${LATENCY_MS}_${key}`, sample)
        return sample
      })
    }
    await site.subgraphs.setDelay(0)
  }
}

/** Starts it several times from cold, and leaves the last one running. */
async function coldStarts(site: Site, contestant: Contestant, figures: Figures): Promise<Started> {
  if (contestant.absent !== undefined) throw new Error(contestant.absent)
  const given = { core: GATEWAY_CORE, headers: site.headers, operation: site.deep }
  for (let time = 1; ; time++) {
    const started = await startContestant(contestant, given)
    say(`start ${contestant.key} ${Math.round(started.coldMs)} ms`)
    figures.add(`${contestant.key}_cold_start_ms`, 'ms', started.coldMs)
    if (time >= COLD_STARTS) return started
    await started[Symbol.asyncDispose]()
  }
}

function show({ cpuMs, rps, p50, p99, waited }: Sample): string {
  return `${cpuMs.toFixed(3)} ms CPU, ${rps.toFixed(0)}/s, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms, waited ${(100 * waited).toFixed(0)} %`
}
