import { Fault } from '../errors.ts'
import { Queue, type Queued } from '../queue.ts'
import type { SubgraphResponse } from './executor.ts'
import type { Exchange, Send, Waiting } from './send.ts'
import { Unanswered } from './unanswered.ts'

export interface DeadlineOptions {
  readonly subgraph: string
  readonly timeoutMs: number
  /** Told after how many seconds a question ended, and how: `none`, the code of its fault, or `CANCELLED`. */
  readonly ended?: ((seconds: number, code: string) => void) | undefined
}

/** Gives up on what has no answer after `timeoutMs`, attempts and waiting for a connection included: TIMEOUT. */
export function within(send: Send, options: DeadlineOptions): Send {
  const running = new Running(options)
  return (request, variables, waiting, again) => {
    const timed = new Timed(waiting, running)
    running.begin(timed)
    timed.sent = send(request, variables, timed, again)
    return timed
  }
}

/** What is on its way, oldest first; as all have the same time, one timer for the oldest is enough. */
class Running {
  readonly #options: DeadlineOptions
  readonly #timed = new Queue<Timed>()
  #timer: NodeJS.Timeout | null = null

  constructor(options: DeadlineOptions) {
    this.#options = options
  }

  begin(timed: Timed): void {
    this.#timed.add(timed)
    if (this.#timer === null) this.#wake(this.#options.timeoutMs)
  }

  end(timed: Timed, code: string): void {
    const { ended } = this.#options
    if (ended) ended((performance.now() - timed.since) / 1000, code)
    this.#timed.remove(timed)
  }

  #wake(ms: number): void {
    this.#timer = setTimeout(() => this.#sweep(), ms)
    // What is on its way has a connection that keeps the process.
    this.#timer.unref()
  }

  #sweep(): void {
    this.#timer = null
    const { timeoutMs, subgraph } = this.#options
    const now = performance.now()
    for (let timed = this.#timed.oldest; timed; timed = this.#timed.oldest) {
      const left = timed.since + timeoutMs - now
      if (left > 0) {
        this.#wake(left)
        return
      }
      const message = `${subgraph} did not answer in time; try again.`
      timed.expire(new Unanswered('TIMEOUT', subgraph, message, { again: false, down: true }))
    }
  }
}

class Timed implements Exchange, Waiting, Queued<Timed> {
  readonly since = performance.now()
  readonly #waiting: Waiting
  readonly #running: Running
  sent: Exchange | null = null
  older: Timed | null = null
  newer: Timed | null = null

  constructor(waiting: Waiting, running: Running) {
    this.#waiting = waiting
    this.#running = running
  }

  cancel(): void {
    this.#running.end(this, 'CANCELLED')
    this.sent?.cancel()
  }

  expire(reason: Unanswered): void {
    this.sent?.cancel()
    this.failed(reason)
  }

  answered(response: SubgraphResponse): void {
    this.#running.end(this, 'none')
    this.#waiting.answered(response)
  }

  failed(reason: unknown): void {
    this.#running.end(this, reason instanceof Fault ? reason.code : 'INTERNAL')
    this.#waiting.failed(reason)
  }
}
