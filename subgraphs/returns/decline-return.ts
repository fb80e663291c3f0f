import type { Outcome } from '../../platform/idempotency/mutate.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { moveReturn } from './move-return.ts'
import { refusal } from './refusals.ts'
import type { DeclineReturnInput } from './return-inputs.ts'
import type { ReturnsDeps } from './returns-deps.ts'
import { LONGEST_TEXT } from './text.ts'

/** Service says no, and the lines can be asked for again. */
export async function declineReturn(deps: ReturnsDeps, context: Context, input: DeclineReturnInput): Promise<Outcome> {
  const declineReason = input.reason ?? null
  if (declineReason !== null && declineReason.length > LONGEST_TEXT) {
    const values = { most: LONGEST_TEXT }
    return { id: null, userErrors: [refusal('TEXT_TOO_LONG', context.access.language, ['input', 'reason'], values)] }
  }
  return moveReturn(deps, context, input, {
    operation: 'declineReturn',
    move: 'decline',
    event: 'return.declined',
    set: { declineReason }
  })
}
