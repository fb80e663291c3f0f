import { Fault } from '../../platform/errors.ts'
import type { Writes } from '../../platform/executor/writes.ts'
import type { Caller } from './access.ts'
import type { Result } from './result.ts'

/** Whose answer it is: every part of a caller and its variables on which an answer may depend. The view is the document's. */
type Asker = Pick<Caller, 'consumer' | 'language' | 'readAfter' | 'headers'>

/** What is asked. */
interface Asked {
  readonly document: object
  readonly variables: Readonly<Record<string, unknown>>
  /** Which labels of progressive overrides apply. */
  readonly labels: number
}

interface Running {
  readonly promise: Promise<Result>
  readonly controller: AbortController
  /** How many wait now, and how many ever did. */
  waiting: number
  joined: number
}

/** Runs identical queries that are on their way at once once. The result is shared: nobody may change it. */
export interface Join {
  /**
   * Joins a run of the same request for the same asker and epoch, or starts one. A run goes on as long as
   * somebody waits for it; the signal ends one's own waiting alone. Throws the Fault that the signal was aborted with.
   */
  run(
    asked: Asked,
    asker: Asker,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<Result>
  ): Promise<Result>
}

/**
 * Makes the shared runs of one engine; `taken` hears of each query that joined another's run. What was written may show in
 * whatever starts from then on, so it joins nothing that started before.
 */
export function createJoin(writes: Writes, taken?: () => void): Join {
  const running = new WeakMap<object, Map<string, Running>>()
  return {
    run({ document, variables, labels }, { consumer, language, readAfter, headers }, signal, start) {
      const key = JSON.stringify([writes.count, labels, variables, consumer, language, readAfter, headers])
      const runs = running.get(document) ?? new Map<string, Running>()
      running.set(document, runs)
      const joined = runs.get(key) ?? begin(runs, key, start)
      joined.waiting++
      joined.joined++
      if (joined.joined > 1) taken?.()
      return signal ? waitFor(joined, signal) : joined.promise
    }
  }
}

function begin(runs: Map<string, Running>, key: string, start: (signal: AbortSignal) => Promise<Result>): Running {
  const controller = new AbortController()
  const begun = start(controller.signal).then(result => {
    result.shared = run.joined > 1
    return result
  })
  const run: Running = {
    promise: begun.finally(() => leave(runs, key, run)),
    controller,
    waiting: 0,
    joined: 0
  }
  controller.signal.addEventListener('abort', () => leave(runs, key, run), { once: true })
  runs.set(key, run)
  return run
}

/** What has ended, or nobody waits for any more, takes nobody up. */
function leave(runs: Map<string, Running>, key: string, run: Running): void {
  if (runs.get(key) === run) runs.delete(key)
}

function waitFor(run: Running, signal: AbortSignal): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    let waits = true
    const done = () => {
      if (!waits) return
      waits = false
      run.waiting--
      signal.removeEventListener('abort', stop)
    }
    const stop = () => {
      done()
      if (run.waiting === 0) run.controller.abort(signal.reason)
      reject(
        signal.reason instanceof Fault ? signal.reason : new Fault('TIMEOUT', 'The request ended before its answer.')
      )
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop)
    run.promise.then(
      result => {
        done()
        resolve(result)
      },
      thrown => {
        done()
        reject(thrown)
      }
    )
  })
}
