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

  constructor(reason: Reason, below: readonly (string | number)[] = []) {
    this.reason = reason
    this.below = below
  }

  /** The same failure, seen from another place. */
  at(below: readonly (string | number)[]): Failure {
    return new Failure(this.reason, below)
  }
}

/** Stands where a value was not asked for, because what it is made of is not there: a null that says nothing. */
export const WITHHELD = new Failure({ message: 'withheld', extensions: { code: 'INTERNAL' } })

/** Marks what did not come. */
export function fail(target: Record<string, unknown>, keys: readonly string[], failure: Failure): void {
  for (const key of keys) if (target[key] === undefined) target[key] = failure
}
