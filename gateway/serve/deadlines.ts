import { performance } from 'node:perf_hooks'

/** Something that must be over in time. */
export interface Timed {
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
  readonly #waiting = new Map<Timed, number>()
  readonly #timer: NodeJS.Timeout

  /** `ms`: how long each may take. */
  constructor(ms: number) {
    this.#ms = ms
    this.#timer = setInterval(() => this.#check(), Math.min(CHECK_MS, ms)).unref()
  }

  /** Begins to watch. What is over must be forgotten. */
  add(timed: Timed): void {
    this.#waiting.set(timed, performance.now() + this.#ms)
  }

  forget(timed: Timed): void {
    this.#waiting.delete(timed)
  }

  #check(): void {
    const now = performance.now()
    for (const [timed, deadline] of this.#waiting) {
      if (deadline > now) break
      this.#waiting.delete(timed)
      timed.expire()
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
