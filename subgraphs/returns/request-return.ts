import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import type { UserError } from '../../platform/graphql/user-error.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { newId } from '../../platform/ids.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { returnEvent } from './events.ts'
import { lockOrderLines } from './lock-rows.ts'
import { OrderLine } from './order-line.ts'
import { refusal } from './refusals.ts'
import { keysOfReturn, Return } from './return.ts'
import type { RequestReturnInput } from './return-inputs.ts'
import { ReturnLine } from './return-line.ts'
import { ReturnStatus } from './return-status.ts'
import type { ReturnsDeps } from './returns-deps.ts'
import { LONGEST_TEXT } from './text.ts'

/**
 * Asks for lines of an order to come back. The return is PENDING until orders has answered through the log (W1).
 * Refuses what the order does not have, and what earlier returns have already asked back.
 */
export function requestReturn(deps: ReturnsDeps, context: Context, input: RequestReturnInput): Promise<Outcome> {
  return mutate(deps, context, 'requestReturn', input, async tx => {
    const wrong = wrongWords(context, input)
    if (wrong.length > 0) return refused(...wrong)

    const order = (await shadowKeys(tx.manager, [input.orderId])).get(input.orderId)
    const unknown = refusal('NOT_FOUND', context.access.language, ['input', 'orderId'])
    if (order?.company !== context.access.company) return refused(unknown)

    const known = await lockOrderLines(deps.database.dialect, tx.manager, input.orderId)
    const { taken, errors } = take(context, known, input)
    const keys = keysOfReturn(order, suppliersOf(taken))
    if (metScopes(keys, context.access.write['Return']) === 0) {
      const visible = metScopes(keys, context.access.read['Return']) !== 0
      return refused(visible ? refusal('OUT_OF_SCOPE', context.access.language, ['input', 'orderId']) : unknown)
    }
    if (errors.length > 0) return refused(...errors)

    const row = await write(tx.manager, context, input, taken, instant(deps.clock.now()))
    const lines = input.lines.map(({ lineId, quantity }) => ({ lineId, quantity }))
    tx.emit(returnEvent(deps.clock, 'return.requested', row, null, keys, { lines }))
    return { id: row.id, userErrors: [] }
  })
}

/** What is wrong with the input whatever the order is. */
function wrongWords({ access: { language } }: Context, { lines, note }: RequestReturnInput): readonly UserError[] {
  const errors: UserError[] = []
  if (lines.length === 0) errors.push(refusal('NO_LINES', language, ['input', 'lines']))
  lines.forEach(({ lineId, quantity }, i) => {
    const path = ['input', 'lines', String(i)]
    if (quantity < 1) errors.push(refusal('INVALID_QUANTITY', language, [...path, 'quantity']))
    if (lines.findIndex(line => line.lineId === lineId) < i) {
      errors.push(refusal('DUPLICATE_LINE', language, [...path, 'lineId'], { lineId }))
    }
  })
  if (note && note.length > LONGEST_TEXT) {
    errors.push(refusal('TEXT_TOO_LONG', language, ['input', 'note'], { most: LONGEST_TEXT }))
  }
  return errors
}

interface Taken {
  readonly line: OrderLine
  readonly quantity: number
}

/** Matches what is asked with what the order has and earlier returns have left of it. */
function take({ access: { language } }: Context, known: readonly OrderLine[], { lines }: RequestReturnInput) {
  const taken: Taken[] = []
  const errors: UserError[] = []
  lines.forEach(({ lineId, quantity }, i) => {
    const path = ['input', 'lines', String(i)]
    const line = known.find(candidate => candidate.lineId === lineId)
    if (!line) {
      errors.push(refusal('UNKNOWN_LINE', language, [...path, 'lineId'], { lineId }))
      return
    }
    taken.push({ line, quantity })
    const left = line.quantity - line.returning
    if (quantity > left) {
      const values = { left, ordered: line.quantity }
      errors.push(refusal('QUANTITY_EXCEEDED', language, [...path, 'quantity'], values))
    }
  })
  return { taken, errors }
}

async function write(
  manager: EntityManager,
  { access: { company } }: Context,
  { orderId, reason, note }: RequestReturnInput,
  taken: readonly Taken[],
  requestedAt: string
): Promise<Return> {
  const row = manager.create(Return, {
    id: newId('ret'),
    company,
    orderId,
    reason,
    note: note ?? null,
    status: ReturnStatus.PENDING,
    refusalReason: null,
    declineReason: null,
    requestedAt,
    version: 1
  })
  await manager.insert(Return, row)
  await manager.insert(
    ReturnLine,
    taken.map(({ line: { lineId, supplierId }, quantity }) => ({
      returnId: row.id,
      lineId,
      company,
      supplierId,
      quantity
    }))
  )
  for (const { line, quantity } of taken) {
    const { lineId } = line
    await manager.update(OrderLine, { orderId, lineId }, { returning: line.returning + quantity })
  }
  return row
}

function suppliersOf(taken: readonly Taken[]): readonly string[] {
  return taken.flatMap(({ line }) => line.supplierId ?? [])
}

function refused(...userErrors: readonly UserError[]): Outcome {
  return { id: null, userErrors }
}
