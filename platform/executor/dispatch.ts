import type { Dispatcher, Pool } from 'undici'
import type { Exchange } from './send.ts'

/** A whole answer. */
export interface Reply {
  readonly status: number
  /** `content-type` and `content-encoding`; empty when there is none. */
  readonly type: string
  readonly encoding: string
  readonly body: Buffer
}

/** Whoever waits for a reply: one of the two is called, once, and neither after a cancel. */
export interface Replied {
  replied(reply: Reply): void
  failed(error: Error): void
}

/** Sends one POST; `headers` are names and values by turns. */
export function dispatchPost(pool: Pool, path: string, headers: string[], body: string, waiting: Replied): Exchange {
  const posting = new Posting(waiting)
  pool.dispatch({ method: 'POST', path, headers, body }, posting)
  return posting
}

export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal | undefined
}

/** Sends one POST and gives its reply as text; rejects with the signal's reason when that fires first. */
export function post(
  pool: Pool,
  { path, headers, body, signal }: Post
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      sent.cancel()
      reject(signal?.reason)
    }
    const over = () => signal?.removeEventListener('abort', stop)
    signal?.addEventListener('abort', stop, { once: true })
    const sent = dispatchPost(pool, path, Object.entries(headers).flat(), body, {
      replied(reply) {
        over()
        resolve({ status: reply.status, body: reply.body.toString() })
      },
      failed(error) {
        over()
        reject(error)
      }
    })
  })
}

const CANCELLED = new Error('nobody waits for the answer any more')
const NOTHING = Buffer.alloc(0)

/**
 * A handler of the pool's lowest interface: `fetch` costs four to six times as much, and `request` makes streams. Its methods
 * are those that undici 7 calls by itself; the newer ones are wrapped, and every header decoded, for 1 µs a request.
 */
class Posting implements Dispatcher.DispatchHandler, Exchange {
  readonly #waiting: Replied
  #abort: ((reason?: Error) => void) | null = null
  #over = false
  #status = 0
  #type = ''
  #encoding = ''
  #first: Buffer | null = null
  #all: Buffer[] | null = null

  constructor(waiting: Replied) {
    this.#waiting = waiting
  }

  cancel(): void {
    if (this.#over) return
    this.#over = true
    this.#abort?.(CANCELLED)
  }

  onConnect(abort: (reason?: Error) => void): void {
    // Thrown, the request is dropped before a byte is written; by `abort` the connection would be lost, too.
    if (this.#over) throw CANCELLED
    this.#abort = abort
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true
    this.#status = status
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i]
      if (name?.length === 12 && named(name, 'content-type')) this.#type = String(headers[i + 1])
      else if (name?.length === 16 && named(name, 'content-encoding')) this.#encoding = String(headers[i + 1])
    }
    return true
  }

  onData(chunk: Buffer): boolean {
    if (this.#first === null) this.#first = chunk
    else if (this.#all === null) this.#all = [this.#first, chunk]
    else this.#all.push(chunk)
    return true
  }

  onComplete(): void {
    if (this.#over) return
    this.#over = true
    const body = this.#all === null ? (this.#first ?? NOTHING) : Buffer.concat(this.#all)
    this.#waiting.replied({ status: this.#status, type: this.#type, encoding: this.#encoding, body })
  }

  onError(error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#waiting.failed(error)
  }
}

function named(name: Buffer, expected: string): boolean {
  return name.toString('latin1').toLowerCase() === expected
}
