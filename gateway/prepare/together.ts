import type { Document } from './document.ts'
import { limitExceeded } from './request-error.ts'

interface Ready {
  readonly document: Document
  readonly cost: number
}

/** Holds operations that were sent together to the limits of one (security B14). Throws RequestError OPERATION_LIMIT. */
export function checkTogether(operations: readonly Ready[]): void {
  let [cost, selections] = [0, 0]
  for (const operation of operations) {
    cost += operation.cost
    selections += operation.document.selections
    const { limits } = operation.document
    if (selections > limits.selections) throw tooMuch(`select more than ${limits.selections} fields`)
    if (cost > limits.cost) throw tooMuch(`may cost ${Math.round(cost)}, and the limit is ${limits.cost}`)
  }
}

function tooMuch(what: string): Error {
  return limitExceeded(`The operations of the batch together ${what}; send fewer at a time.`)
}
