import type { SubgraphResponse } from './executor.ts'
import type { Exchange, Send, Waiting } from './send.ts'
import { Unanswered } from './unanswered.ts'

/** `open`: nothing is asked. `half-open`: one question is on its way to find out. */
export type BreakerState = 'closed' | 'open' | 'half-open'

export interface BreakerOptions {
  /** Failures in a row after which it opens. */
  readonly failures: number
  /** How long it stays open, in milliseconds. */
  readonly openMs: number
  /** A question that was given up on after so many milliseconds counts as a failure. */
  readonly slowMs: number
  readonly changed?: ((state: BreakerState) => void) | undefined
  /** Milliseconds on a clock that is never set back. */
  readonly now?: () => number
}

/**
 * Leaves a subgraph alone that does not answer: after some failures in a row every question is refused at once, until one
 * that is let through is answered. No client may shut a subgraph for everyone: an answer with GraphQL errors is an answer,
 * one that is too long is no failure of the subgraph's, and neither is a question that goes on while others are answered.
 * Questions that fail together, as one client can make them, count once.
 */
export function breaking(send: Send, subgraph: string, options: BreakerOptions): Send {
  const breaker = new Breaker(options)
  return (request, variables, waiting, again) => {
    if (!breaker.admits()) {
      waiting.failed(resting(subgraph))
      return NONE
    }
    const watched = new Watched(waiting, breaker)
    watched.sent = send(request, variables, watched, again)
    return watched
  }
}

const NONE: Exchange = { cancel() {} }

function resting(subgraph: string): Unanswered {
  const message = `${subgraph} did not answer several times in a row and is left alone for a moment; try again soon.`
  return new Unanswered('SUBGRAPH_UNAVAILABLE', subgraph, message, { again: false, down: false, unasked: true })
}

class Breaker {
  readonly slowMs: number
  readonly now: () => number
  readonly #failures: number
  readonly #openMs: number
  readonly #changed: ((state: BreakerState) => void) | undefined
  #state: BreakerState = 'closed'
  #inARow = 0
  #openedAt = 0
  /** Counts changes of state, so that what was asked before one does not decide after it. */
  term = 0
  /** Answers and failures that counted. */
  answers = 0
  failuresCounted = 0

  constructor({ failures, openMs, slowMs, changed, now = () => performance.now() }: BreakerOptions) {
    this.slowMs = slowMs
    this.now = now
    this.#failures = failures
    this.#openMs = openMs
    this.#changed = changed
  }

  admits(): boolean {
    if (this.#state === 'closed') return true
    if (this.#state === 'half-open' || this.now() - this.#openedAt < this.#openMs) return false
    this.#become('half-open')
    return true
  }

  answered({ term }: Asked): void {
    if (term !== this.term) return
    this.answers++
    this.#inARow = 0
    if (this.#state !== 'closed') this.#become('closed')
  }

  failed({ term, answers, failuresCounted }: Asked, slowly: boolean): void {
    // Since it was asked, others were answered, or it is one of several that failed at once. Slow ones end late, all of them.
    if (term !== this.term || answers !== this.answers || (!slowly && failuresCounted !== this.failuresCounted)) return
    this.failuresCounted++
    this.#inARow++
    if (this.#inARow < this.#failures) return
    this.#openedAt = this.now()
    this.#become('open')
  }

  /** Nothing is known: the next question finds out. */
  cancelled({ term }: Asked): void {
    if (term === this.term && this.#state === 'half-open') this.#become('open')
  }

  #become(state: BreakerState): void {
    this.#state = state
    this.term++
    this.#changed?.(state)
  }
}

/** Where the breaker stood when a question was asked. */
interface Asked {
  readonly term: number
  readonly answers: number
  readonly failuresCounted: number
}

/** A question whose outcome the breaker is told. */
class Watched implements Exchange, Waiting, Asked {
  readonly term: number
  readonly answers: number
  readonly failuresCounted: number
  readonly #waiting: Waiting
  readonly #breaker: Breaker
  readonly #since: number
  sent: Exchange | null = null

  constructor(waiting: Waiting, breaker: Breaker) {
    this.#waiting = waiting
    this.#breaker = breaker
    this.term = breaker.term
    this.answers = breaker.answers
    this.failuresCounted = breaker.failuresCounted
    this.#since = breaker.now()
  }

  cancel(): void {
    this.sent?.cancel()
    if (this.#breaker.now() - this.#since >= this.#breaker.slowMs) this.#breaker.failed(this, true)
    else this.#breaker.cancelled(this)
  }

  answered(response: SubgraphResponse): void {
    this.#breaker.answered(this)
    this.#waiting.answered(response)
  }

  failed(reason: unknown): void {
    if (reason instanceof Unanswered && reason.down) this.#breaker.failed(this, reason.code === 'TIMEOUT')
    else this.#breaker.answered(this)
    this.#waiting.failed(reason)
  }
}
