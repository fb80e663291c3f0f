import type { Document } from './document.ts'
import type { Limits } from './limits.ts'
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
    if (selections > limits.selections) throw tooMuch('selections', `select more than ${limits.selections} fields`)
    if (cost > limits.cost) throw tooMuch('cost', `may cost ${Math.round(cost)}, and the limit is ${limits.cost}`)
  }
}

function tooMuch(limit: keyof Limits, what: string): Error {
  return limitExceeded(limit, `The operations of the batch together ${what}; send fewer at a time.`)
}
