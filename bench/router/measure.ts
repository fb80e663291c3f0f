import type { Operation } from '../federation/operations.ts'
import { wrong } from '../support/correct.ts'
import { type Answer, type Loaded, load, quantile } from '../support/load.ts'
import { cpuMs, threadsWaitedMs, tree } from '../support/usage.ts'
import type { Started } from './contestant.ts'

/** What one round says of one contestant. */
export interface Sample {
  readonly requests: number
  readonly cpuMs: number
  readonly rps: number
  readonly p50: number
  readonly p99: number
  /** For which share of the time one of its threads was ready to run, and other programs had the core. */
  readonly waited: number
}

interface Given {
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
}

/** CPU, rate and latency of one operation, asked over and over for so many seconds. */
export function measureOne(
  started: Started,
  operation: Operation,
  { headers, connections, seconds }: Given & { readonly seconds: number }
): Promise<Sample> {
  let bytes = 0
  const check = (answer: Answer) => {
    // The first is compared in full; the rest only by length, so that the load costs little.
    if (answer.status === 200 && answer.bytes === bytes) return
    demandRight(started, answer, operation)
    bytes = answer.bytes
  }
  return sampled(started, () =>
    load({ url: started.url, headers, connections, body: () => operation.body, forMs: seconds * 1000, check })
  )
}

/** The same for each of several operations: once each, or in turns for so many seconds. Answers are compared afterwards. */
export async function measureMany(
  started: Started,
  operations: readonly Operation[],
  { headers, connections, seconds }: Given & { readonly seconds: number | null }
): Promise<Sample> {
  const answers = new Map<number, Answer>()
  const sample = await sampled(started, () =>
    load({
      url: started.url,
      headers,
      connections,
      body: n => (seconds === null ? operations[n]?.body : operations[n % operations.length]?.body) ?? null,
      ...(seconds !== null && { forMs: seconds * 1000 }),
      check: (answer, n) => void answers.set(n % operations.length, answer)
    })
  )
  for (const [n, answer] of answers) {
    const operation = operations[n]
    if (operation) demandRight(started, answer, operation)
  }
  return sample
}

async function sampled(started: Started, run: () => Promise<Loaded>): Promise<Sample> {
  const pids = tree(started.process.pid)
  const { pid } = started.process
  const [before, waitedBefore] = [cpuMs(pids), threadsWaitedMs(pid)]
  const { requests, seconds, latencies } = await run()
  const used = cpuMs(pids) - before
  const waits = [...threadsWaitedMs(pid)].map(([thread, ms]) => ms - (waitedBefore.get(thread) ?? 0))
  return {
    requests,
    cpuMs: used / requests,
    rps: requests / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    waited: Math.max(0, ...waits) / (seconds * 1000)
  }
}

function demandRight({ contestant }: Started, answer: Answer, operation: Operation): void {
  const found = wrong(answer, operation)
  if (found) throw new Error(`${contestant.label} answered wrong to ${operation.body.slice(0, 200)}: ${found}`)
}
