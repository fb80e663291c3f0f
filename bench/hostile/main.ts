import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, LOAD_CORE } from '../router/site.ts'
import { load, quantile } from '../support/load.ts'
import { pinSelf, sleep } from '../support/process.ts'
import { type Figure, figure, type Outcome, reportOf, say, table } from '../support/report.ts'
import { cpuMs, residentMb, tree } from '../support/usage.ts'
import { type Case, SkipCase, type Taken } from './case.ts'
import { CONNECTIONS } from './connections.ts'
import { DOCUMENTS } from './documents.ts'
import { INPUTS } from './inputs.ts'
import { SOCKETS } from './sockets.ts'
import { SUBSCRIPTIONS } from './subscriptions.ts'
import { openTarget, type Target } from './target.ts'
import { type Beside, missed } from './verdict.ts'

const CASES: readonly Case[] = [...DOCUMENTS, ...INPUTS, ...CONNECTIONS, ...SOCKETS, ...SUBSCRIPTIONS]
const CALM_MS = 5000
const WARM_UP_MS = 4000
/** What is still on its way when an attack ends, and garbage, belong to it. */
const SETTLE_MS = 500
const WATCH_EVERY_MS = 100

interface Row {
  readonly case: Case
  readonly taken: Taken | null
  readonly beside: Beside | null
  readonly missed: readonly string[]
  readonly skipped: string | null
}

const HELP = 'npm run bench -- hostile [--json] [--only B1,B19h,…] [--no-build] [--root DIR]'

/** Each attack of its kind against the running router, while an ordinary caller asks something every 50 ms. */
export async function run(args: readonly string[]): Promise<Outcome> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      root: { type: 'string', default: resolve(import.meta.dirname, '..', '..') },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help) {
    console.log(HELP)
    process.exit()
  }
  const root = resolve(values.root)
  if (!values['no-build']) build(root)
  pinSelf(LOAD_CORE)
  const only = values.only?.split(',')
  const rows: Row[] = []
  let target = await openWarm(root)
  try {
    const calm = await watch(target, async () => {
      await sleep(CALM_MS)
      return { attacks: 1, seen: '', wrong: null }
    })
    const calmCpuPerMs = calm.beside.cpuMs / CALM_MS
    say(`calm: probe p99 ${calm.beside.probeP99.toFixed(1)} ms`)
    for (const each of CASES.filter(({ id }) => only?.includes(id) ?? true)) {
      let row = await attempt(target, each, calmCpuPerMs, calm.beside.probeP99)
      if (row.missed.length > 0) {
        say(`${each.id} ${each.title}: ${row.missed.join('; ')}; once more`)
        // A router that ended, or is left with something, is no start for the next attack.
        await target[Symbol.asyncDispose]()
        target = await openWarm(root)
        row = await attempt(target, each, calmCpuPerMs, calm.beside.probeP99)
        if (!target.alive()) target = await openWarm(root)
      }
      say(`${each.id} ${each.title}: ${row.skipped ?? (row.missed.join('; ') || 'ok')}`)
      rows.push(row)
    }
    return outcome(rows, calm.beside)
  } finally {
    await target[Symbol.asyncDispose]()
  }
}

/** A router that has been at work for a while: its code is compiled, and its memory has grown to what work needs. */
async function openWarm(root: string): Promise<Target> {
  const target = await openTarget(root)
  const query = '{ users(first: 20) { id name reviews(first: 20) { id body author { id name } } } }'
  await load({
    url: target.url,
    headers: target.headers,
    connections: 20,
    body: n => JSON.stringify({ query, operationName: null, extensions: { n } }),
    forMs: WARM_UP_MS,
    check: ({ status, text }) => {
      if (status !== 200) throw new Error(`the router answers ${status}: ${text().slice(0, 200)}`)
    }
  })
  return target
}

async function attempt(target: Target, each: Case, calmCpuPerMs: number, calmP99: number): Promise<Row> {
  const none = { case: each, taken: null, beside: null, missed: [], skipped: null }
  try {
    const { taken, beside, forMs } = await watch(target, () => each.attack(target))
    const own = Math.max(0, beside.cpuMs - calmCpuPerMs * forMs) / taken.attacks
    const fair = { ...beside, cpuMs: own }
    return { ...none, taken, beside: fair, missed: missed(each, taken, fair, calmP99) }
  } catch (error) {
    if (error instanceof SkipCase) return { ...none, skipped: error.message }
    const message = error instanceof Error ? error.message : String(error)
    return { ...none, missed: [target.alive() ? message : `the router ended: ${target.output().slice(-400)}`] }
  }
}

/** What goes on beside an attack. */
async function watch(
  target: Target,
  attack: () => Promise<Taken>
): Promise<{ readonly taken: Taken; readonly beside: Beside; readonly forMs: number }> {
  const pids = tree(target.pid)
  await target.probed()
  const [cpu, memory, begun] = [cpuMs(pids), residentMb(pids), performance.now()]
  let most = memory
  const watching = setInterval(() => {
    most = Math.max(most, residentMb(pids))
  }, WATCH_EVERY_MS)
  try {
    const taken = await attack()
    await sleep(SETTLE_MS)
    const { latencies, fair, failures } = await target.probed()
    const sorted = Float64Array.from(latencies).sort()
    const beside = {
      probeP50: quantile(sorted, 0.5),
      probeP99: quantile(Float64Array.from(fair).sort(), 0.99),
      probeMax: sorted.at(-1) ?? Number.NaN,
      probeFailures: failures,
      cpuMs: cpuMs(pids) - cpu,
      growthMb: Math.max(0, most - memory)
    }
    return { taken, beside, forMs: performance.now() - begun }
  } finally {
    clearInterval(watching)
  }
}

const RULE = `* without the time for which router, subgraph or prober was ready to run and other programs had the core.
A case passes when what is seen is right, every ordinary caller is answered, its p99* is at most 100 ms (plus its p99* when
nothing else goes on), and the bounds named beside it hold; CPU may exceed its bound by half, which is what CPU times on a
busy machine are worth. A case that misses a bound is run once more against a fresh router; missing it again is a failure.`

function outcome(rows: readonly Row[], calm: Beside): Outcome {
  const figures: Record<string, Figure> = {}
  const put = (key: string, value: number | undefined, unit: string) => {
    const one = value === undefined ? null : figure([value], unit)
    if (one) figures[key] = one
  }
  put('calm_probe_p99_ms', calm.probeP99, 'ms')
  for (const { case: each, taken, beside } of rows) {
    put(`${each.id}_cpu_ms`, beside?.cpuMs, 'ms')
    put(`${each.id}_latency_ms`, taken?.latencyMs, 'ms')
    put(`${each.id}_ended_ms`, taken?.endedMs, 'ms')
    put(`${each.id}_probe_p50_ms`, beside?.probeP50, 'ms')
    put(`${each.id}_probe_p99_ms`, beside?.probeP99, 'ms')
    put(`${each.id}_probe_max_ms`, beside?.probeMax, 'ms')
    put(`${each.id}_growth_mb`, beside?.growthMb, 'MB')
  }
  const failures = rows.filter(row => row.missed.length > 0)
  const ratios = {
    failed: failures.length,
    skipped: rows.filter(row => row.skipped !== null).length,
    cases: rows.length
  }
  const headings = ['', 'attack', 'seen', 'CPU ms', 'latency', 'ended', 'probe p50', 'p99*', 'max', '+MB', '']
  const parts = [
    table(headings, rows.map(cells)),
    `calm: probe p50 ${calm.probeP50.toFixed(1)}, p99* ${calm.probeP99.toFixed(1)}, max ${calm.probeMax.toFixed(1)} ms`,
    ...failures.map(({ case: each, missed: why }) => `${each.id} failed: ${why.join('; ')}`),
    ...rows.flatMap(({ case: each, skipped }) => (skipped ? [`${each.id} skipped: ${skipped}`] : [])),
    RULE
  ]
  return { report: reportOf('hostile', figures, ratios), table: parts.join('\n'), failed: failures.length > 0 }
}

function cells({ case: { id, title, bounds }, taken, beside, missed: why, skipped }: Row): readonly string[] {
  const number = (value: number | undefined, bound?: number) => {
    if (value === undefined) return '–'
    const text = value >= 100 ? value.toFixed(0) : value.toFixed(1)
    return bound === undefined ? text : `${text} (≤ ${bound})`
  }
  return [
    id,
    title,
    taken?.seen.slice(0, 60) ?? '–',
    number(beside?.cpuMs, bounds.cpuMs),
    number(taken?.latencyMs),
    number(taken?.endedMs, bounds.endedMs),
    number(beside?.probeP50),
    number(beside?.probeP99),
    number(beside?.probeMax),
    number(beside?.growthMb, bounds.growthMb),
    skipped !== null ? 'skipped' : why.length > 0 ? 'FAILED' : 'ok'
  ]
}
