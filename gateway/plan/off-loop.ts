import { Worker } from 'node:worker_threads'
import { tooComplex } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import type { LabelSet } from './override-labels.ts'
import type { Asked, Planned } from './planner-worker.ts'

/** Plans operations in a thread of its own, which starts when it is first needed. */
export interface OffLoop extends AsyncDisposable {
  /** `size`, in any unit: the smallest operation is planned first. */
  plan(text: string, size: number, labels: LabelSet): Promise<PlanNode | undefined>
}

/** Operations that wait for the thread; of more the largest is refused, for whoever sends so many is not waiting for answers. */
const MAX_WAITING = 64
/** What a thread may take to stop by itself before it is stopped. */
const GRACE_MS = 500
/** A thread does not take over how this one reads TypeScript, when it runs from source. */
const FROM_SOURCE = import.meta.url.endsWith('.ts')
const FILE = new URL(FROM_SOURCE ? './planner-worker.ts' : './planner-worker.js', import.meta.url)
const READ_TYPESCRIPT = `import('tsx/esm/api').then(tsx => { tsx.register(); return import(${JSON.stringify(FILE.href)}) })`

interface Job {
  readonly text: string
  readonly size: number
  readonly labels: LabelSet
  readonly resolve: (node: PlanNode | undefined) => void
  readonly reject: (thrown: Error) => void
}

/** A thread that plans over a supergraph, `budget` milliseconds for each operation; one that does not keep to it is ended. */
export function createOffLoop(sdl: string, budget: number, usual: LabelSet): OffLoop {
  const waiting: Job[] = []
  let thread: Worker | null = null
  let running: Job | null = null
  let isReady = false
  let late: NodeJS.Timeout | undefined

  const start = (): Worker => {
    const started = new Worker(FROM_SOURCE ? READ_TYPESCRIPT : FILE, {
      eval: FROM_SOURCE,
      execArgv: [],
      workerData: { sdl, budget, usual }
    })
    started.on('message', ({ node, refusal, ready }: Planned) => {
      if (ready) {
        isReady = true
        return next()
      }
      const job = running
      clearTimeout(late)
      running = null
      if (refusal === undefined) job?.resolve(node)
      else job?.reject(refusal === null ? tooComplex() : new Error(refusal))
      next()
    })
    started.on('error', thrown => ended(started, thrown))
    started.on('exit', () => ended(started, tooComplex()))
    return started
  }
  const ended = (which: Worker, why: Error): void => {
    if (which !== thread) return
    thread = null
    clearTimeout(late)
    // What cannot even start would never plan what waits for it.
    if (!isReady) for (const job of waiting.splice(0)) job.reject(why)
    isReady = false
    running?.reject(why)
    running = null
    if (waiting.length > 0) thread = start()
  }
  const next = (): void => {
    if (running || !thread || !isReady) return
    const job = waiting.pop()
    // An idle thread keeps no process alive.
    if (!job) {
      thread.unref()
      return
    }
    thread.ref()
    running = job
    late = setTimeout(() => void thread?.terminate(), budget + GRACE_MS)
    thread.postMessage({ text: job.text, labels: job.labels } satisfies Asked)
  }

  return {
    plan: (text, size, labels) =>
      new Promise((resolve, reject) => {
        // The largest first in the list: nobody's large operations keep back another's smaller ones.
        const place = waiting.findIndex(job => job.size <= size)
        waiting.splice(place < 0 ? waiting.length : place, 0, { text, size, labels, resolve, reject })
        if (waiting.length > MAX_WAITING) waiting.shift()?.reject(tooComplex())
        if (thread) next()
        else thread = start()
      }),
    async [Symbol.asyncDispose]() {
      const last = thread
      thread = null
      clearTimeout(late)
      for (const job of waiting.splice(0)) job.reject(tooComplex())
      running?.reject(tooComplex())
      running = null
      await last?.terminate()
    }
  }
}
