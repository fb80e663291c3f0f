import type { SubgraphRequest, SubgraphResponse } from './executor.ts'
import type { Exchange, Send, Waiting } from './send.ts'
import { Unanswered } from './unanswered.ts'

export interface RetryOptions {
  readonly retries: number
  /** Told of each new attempt. */
  readonly retried?: (() => void) | undefined
}

const FIRST_MS = 25
const LONGEST_MS = 500

/**
 * Asks a query again when its connection failed, after a short random while that doubles with each attempt. Mutations never:
 * nobody knows whether one that was not answered was carried out.
 */
export function retrying(send: Send, options: RetryOptions): Send {
  return (request, variables, waiting, again) => {
    if (request.operation.kind !== 'query') return send(request, variables, waiting, again)
    const attempts = new Attempts(send, request, variables, waiting, options)
    attempts.next()
    return attempts
  }
}

class Attempts implements Exchange, Waiting {
  readonly #send: Send
  readonly #request: SubgraphRequest
  readonly #variables: string
  readonly #waiting: Waiting
  readonly #options: RetryOptions
  #failed = 0
  #sent: Exchange | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(send: Send, request: SubgraphRequest, variables: string, waiting: Waiting, options: RetryOptions) {
    this.#send = send
    this.#request = request
    this.#variables = variables
    this.#waiting = waiting
    this.#options = options
  }

  next(): void {
    const attempt = this.#failed
    const sent = this.#send(this.#request, this.#variables, this, attempt > 0)
    // It may have failed by now.
    if (attempt === this.#failed) this.#sent = sent
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#sent?.cancel()
  }

  answered(response: SubgraphResponse): void {
    this.#waiting.answered(response)
  }

  failed(reason: unknown): void {
    const { retries, retried } = this.#options
    this.#sent = null
    if (this.#failed >= retries || !(reason instanceof Unanswered) || !reason.again) {
      this.#waiting.failed(reason)
      return
    }
    const longest = Math.min(FIRST_MS * 2 ** this.#failed, LONGEST_MS)
    this.#failed++
    this.#timer = setTimeout(() => {
      this.#timer = null
      retried?.()
      this.next()
    }, Math.random() * longest)
  }
}
