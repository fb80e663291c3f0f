import { performance } from 'node:perf_hooks'
import { Queue, type Queued } from '../../platform/queue.ts'

/** Something that must be over in time. */
export interface Timed extends Queued<Timed> {
  /** The moment, as `Deadlines.add` set it. */
  deadline: number
  /** Called when it is not. */
  expire(): void
}

const CHECK_MS = 100

/**
 * Watches many things that may all take equally long: one timer looks at the oldest of them ten times a second, since a
 * timer for each request would cost more than the request's share of everything else here.
 */
export class Deadlines implements Disposable {
  readonly #ms: number
  /** In the order of their deadlines, since all take equally long. */
  readonly #waiting = new Queue<Timed>()
  readonly #timer: NodeJS.Timeout

  /** `ms`: how long each may take. */
  constructor(ms: number) {
    this.#ms = ms
    this.#timer = setInterval(() => this.#check(), Math.min(CHECK_MS, ms)).unref()
  }

  /** Begins to watch. What is over must be forgotten. */
  add(timed: Timed): void {
    timed.deadline = performance.now() + this.#ms
    this.#waiting.add(timed)
  }

  forget(timed: Timed): void {
    this.#waiting.remove(timed)
  }

  #check(): void {
    const now = performance.now()
    for (let timed = this.#waiting.oldest; timed && timed.deadline <= now; timed = this.#waiting.oldest) {
      this.#waiting.remove(timed)
      timed.expire()
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
