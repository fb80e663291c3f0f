import { Fault } from '../../errors.ts'
import type { SubgraphResponse } from '../executor.ts'

/** Between a source that pushes and one reader that pulls: in order, bounded, and never silently less. */
export interface EventQueue extends AsyncIterableIterator<SubgraphResponse> {
  push(response: SubgraphResponse, bytes: number): void
  /** After what waits, the end. */
  end(): void
  /** After what waits, the fault. The first end or fault counts. */
  fail(fault: Fault): void
  /** Drops what waits: nobody reads any more. */
  close(): void
}

export interface EventQueueOptions {
  readonly waitingEvents: number
  readonly waitingBytes: number
  /** Called once, when nothing more is taken. */
  readonly onEnd: () => void
}

interface Waiting {
  readonly response: SubgraphResponse
  readonly bytes: number
}

type Step = IteratorResult<SubgraphResponse, undefined>

const DONE: Step = { done: true, value: undefined }

/** A reader that is too slow gets what waits, then Fault SUBSCRIPTION_INTERRUPTED. */
export function createEventQueue({ waitingEvents, waitingBytes, onEnd }: EventQueueOptions): EventQueue {
  let waiting: Waiting[] = []
  let bytes = 0
  let ended = false
  let fault: Fault | null = null
  let reader: { readonly resolve: (step: Step) => void; readonly reject: (fault: Fault) => void } | null = null

  const last = (): Promise<Step> => {
    if (!fault) return Promise.resolve(DONE)
    const told = Promise.reject(fault)
    fault = null
    return told
  }

  const finish = (why: Fault | null) => {
    if (ended) return
    ended = true
    fault = why
    onEnd()
    const { resolve, reject } = reader ?? {}
    reader = null
    if (resolve) last().then(resolve, reject)
  }

  const close = () => {
    waiting = []
    finish(null)
    fault = null
  }

  return {
    push(response, size) {
      if (ended) return
      if (reader) {
        const { resolve } = reader
        reader = null
        resolve({ done: false, value: response })
      } else if (waiting.length < waitingEvents && (waiting.length === 0 || bytes + size <= waitingBytes)) {
        waiting.push({ response, bytes: size })
        bytes += size
      } else finish(tooSlow(waiting.length))
    },
    end: () => finish(null),
    fail: finish,
    close,
    next() {
      const first = waiting.shift()
      if (first) {
        bytes -= first.bytes
        return Promise.resolve({ done: false, value: first.response })
      }
      if (ended) return last()
      return new Promise((resolve, reject) => {
        reader = { resolve, reject }
      })
    },
    return() {
      close()
      return Promise.resolve(DONE)
    },
    [Symbol.asyncIterator]() {
      return this
    }
  }
}

function tooSlow(waiting: number): Fault {
  return new Fault(
    'SUBSCRIPTION_INTERRUPTED',
    `Events came faster than they were read: after ${waiting} that waited, the subscription was ended. Read the present state by a query, then subscribe again.`
  )
}
