import type { Flight } from './flight.ts'

/** All on which an answer depends, and where it is on its way. */
export class Question {
  readonly text: string
  readonly variables: string
  readonly access: string
  readonly headers: string
  /** How much had been written when it was asked. */
  readonly after: number
  readonly flight: Flight
  readonly hash: number
  /** The next one of its bucket. */
  next: Question | null = null

  constructor(text: string, variables: string, access: string, headers: string, after: number, flight: Flight) {
    this.text = text
    this.variables = variables
    this.access = access
    this.headers = headers
    this.after = after
    this.flight = flight
    this.hash = sampled(headers, sampled(access, sampled(variables, text.length + after))) >>> 0
  }

  equals(other: Question): boolean {
    return (
      this.hash === other.hash &&
      this.after === other.after &&
      this.variables === other.variables &&
      this.text === other.text &&
      this.access === other.access &&
      this.headers === other.headers
    )
  }
}

/** Of some hundred characters: it only spares comparisons, and decides nothing. */
function sampled(text: string, seed: number): number {
  const step = (text.length >> 7) | 1
  let hash = seed ^ text.length
  for (let i = text.length - 1; i >= 0; i -= step) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}

const BUCKETS = 512

/**
 * Questions that are on their way, compared in full. A table of our own, since a `Map` through which everything passes is dear:
 * the tables that it has outgrown stay reachable from one another until the next full collection, and with them every answer
 * that was in them.
 */
export class InFlight {
  readonly #buckets: (Question | null)[] = new Array<Question | null>(BUCKETS).fill(null)

  /** The equal one that is on its way. */
  find(question: Question): Question | null {
    let known = this.#buckets[question.hash % BUCKETS] ?? null
    while (known !== null && !known.equals(question)) known = known.next
    return known
  }

  add(question: Question): void {
    const bucket = question.hash % BUCKETS
    question.next = this.#buckets[bucket] ?? null
    this.#buckets[bucket] = question
  }

  remove(question: Question): void {
    const bucket = question.hash % BUCKETS
    let before: Question | null = null
    let at = this.#buckets[bucket] ?? null
    while (at !== null && at !== question) {
      before = at
      at = at.next
    }
    if (at === null) return
    if (before === null) this.#buckets[bucket] = at.next
    else before.next = at.next
    at.next = null
  }
}
