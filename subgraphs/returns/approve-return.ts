import type { Outcome } from '../../platform/idempotency/mutate.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { moveReturn } from './move-return.ts'
import type { ApproveReturnInput } from './return-inputs.ts'
import type { ReturnsDeps } from './returns-deps.ts'

/** Service agrees: the goods may come back. */
export function approveReturn(deps: ReturnsDeps, context: Context, input: ApproveReturnInput): Promise<Outcome> {
  return moveReturn(deps, context, input, { operation: 'approveReturn', move: 'approve', event: 'return.approved' })
}
