import type { FaultCode } from '../../platform/errors.ts'

/** What a caller may know of something that failed. */
export interface Reason {
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: FaultCode }
}

/**
 * Stands in the data where a value should be and could not be had. The projection turns it into null and an error at
 * the client's own path, wherever the client sees it; what the client does not see says nothing.
 */
export class Failure {
  readonly reason: Reason
  /** From here to the place that failed, in data keys: a null moved up from there. */
  readonly below: readonly (string | number)[]
  readonly #state: { settled: boolean }

  constructor(reason: Reason, below: readonly (string | number)[] = [], of?: Failure) {
    this.reason = reason
    this.below = below
    this.#state = of ? of.#state : { settled: false }
  }

  /** Whether the client has been told, or must not be. */
  get settled(): boolean {
    return this.#state.settled
  }

  settle(): void {
    this.#state.settled = true
  }

  /** The same failure, seen from another place. */
  at(below: readonly (string | number)[]): Failure {
    return new Failure(this.reason, below, this)
  }
}

/** Stands where a value was not asked for, because what it is made of is not there: a null that says nothing. */
export const WITHHELD = new Failure({ message: 'withheld', extensions: { code: 'INTERNAL' } })

/** Marks what did not come. */
export function fail(target: Record<string, unknown>, keys: readonly string[], failure: Failure): void {
  for (const key of keys) if (target[key] === undefined) target[key] = failure
}
