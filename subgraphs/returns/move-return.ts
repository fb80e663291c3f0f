import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { type ReturnEventType, returnEvent } from './events.ts'
import { lockReturn } from './lock-rows.ts'
import { refusal } from './refusals.ts'
import { releaseLines } from './release-lines.ts'
import { keysOfReturn, Return } from './return.ts'
import type { ReturnStepInput } from './return-inputs.ts'
import { allowedMutations, type ReturnMove, statusAfter } from './return-status.ts'
import type { ReturnsDeps } from './returns-deps.ts'

/** One step that service takes with a return. */
export interface ReturnStep {
  readonly operation: 'approveReturn' | 'declineReturn' | 'receiveReturn'
  readonly move: ReturnMove
  readonly event: ReturnEventType
  /** Columns that the step sets beside the status. */
  readonly set?: Partial<Pick<Return, 'declineReason'>>
}

/** Takes a return one step on, under its row's lock: refused when it is not there, not the caller's, changed since, or elsewhere. */
export function moveReturn(
  deps: ReturnsDeps,
  context: Context,
  input: ReturnStepInput,
  step: ReturnStep
): Promise<Outcome> {
  const { company, language, read, write } = context.access
  const { dialect } = deps.database
  return mutate(deps, context, step.operation, input, async tx => {
    const found = await lockReturn(dialect, tx.manager, input.returnId)
    const order = found && (await shadowKeys(tx.manager, [found.row.orderId])).get(found.row.orderId)
    if (found?.row.company !== company || !order) return no('NOT_FOUND', 'returnId')

    const { row, lines } = found
    const keys = keysOfReturn(
      order,
      lines.flatMap(line => line.supplierId ?? [])
    )
    if (metScopes(keys, write['Return']) === 0) {
      return no(metScopes(keys, read['Return']) === 0 ? 'NOT_FOUND' : 'OUT_OF_SCOPE', 'returnId')
    }
    if (input.expectedVersion != null && input.expectedVersion !== row.version) {
      return no('VERSION_CONFLICT', 'expectedVersion')
    }
    const status = statusAfter(row.status, step.move)
    if (!status) return no('INVALID_TRANSITION', 'returnId', { status: row.status, allowed: allowed(row, language) })

    const version = row.version + 1
    await tx.manager.update(Return, { id: row.id }, { status, version, ...step.set })
    if (step.move === 'decline') await releaseLines(dialect, tx.manager, row.orderId, lines)
    tx.emit(returnEvent(deps.clock, step.event, { ...row, status, version }, row.status, keys))
    return { id: row.id, userErrors: [] }
  })

  function no(code: Parameters<typeof refusal>[0], field: string, values?: Readonly<Record<string, string>>): Outcome {
    return { id: null, userErrors: [refusal(code, language, ['input', field], values)] }
  }
}

function allowed(row: Return, language: 'en' | 'zh'): string {
  return allowedMutations(row.status).join(', ') || (language === 'zh' ? '无' : 'none')
}
