import type { Outcome } from '../../platform/idempotency/mutate.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { moveReturn } from './move-return.ts'
import type { ReceiveReturnInput } from './return-inputs.ts'
import type { ReturnsDeps } from './returns-deps.ts'

/** The goods are back. */
export function receiveReturn(deps: ReturnsDeps, context: Context, input: ReceiveReturnInput): Promise<Outcome> {
  return moveReturn(deps, context, input, { operation: 'receiveReturn', move: 'receive', event: 'return.received' })
}
