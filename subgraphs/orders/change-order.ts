import { instant } from '../../platform/clock.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { advanceOrder, lockOrder, type Step } from './advance-order.ts'
import { STATUS_EVENTS } from './events.ts'
import { keysOf } from './order.ts'
import type { ChangeOrderInput } from './order-inputs.ts'
import { allowed, next, type OrderCommand, statusOf } from './order-machine.ts'
import type { OrdersDeps } from './orders-deps.ts'
import { refuse } from './refusals.ts'

/** What a mutation changes beside the state. */
export interface Change {
  readonly set?: Step['set']
  /** Texts of the input with their limits in characters. */
  readonly texts?: readonly { readonly field: string; readonly text: string | null; readonly most: number }[]
}

/**
 * One command to one order: checked against the caller's scopes, the expected version and the statechart, in this order,
 * so that nobody learns of an order's state who may not see it.
 */
export function changeOrder(
  deps: OrdersDeps,
  context: Context,
  command: OrderCommand,
  input: ChangeOrderInput,
  change: Change = {}
): Promise<Outcome> {
  const { company, consumer, party, language, read, write } = context.access
  const refused = (...[code, field, values]: Refused): Outcome => {
    return { id: null, userErrors: [refuse(code, language, ['input', field], values)] }
  }
  return mutate(deps, context, command, input, async tx => {
    const long = change.texts?.find(({ text, most }) => text !== null && text.length > most)
    if (long) return refused('TEXT_TOO_LONG', long.field, { most: String(long.most) })
    const order = await lockOrder(tx.manager, deps.database.dialect, company, input.orderId)
    if (!order) return refused('NOT_FOUND', 'orderId')
    const mayWrite = [order, { ...order, ...change.set }].every(row => metScopes(keysOf(row), write['Order']) !== 0)
    if (!mayWrite) {
      const mayRead = metScopes(keysOf(order), read['Order']) !== 0
      return refused(mayRead ? 'OUT_OF_SCOPE' : 'NOT_FOUND', 'orderId')
    }
    if (input.expectedVersion != null && input.expectedVersion !== order.version) {
      return refused('VERSION_CONFLICT', 'expectedVersion')
    }
    const regions = next(order.regions, command)
    if (!regions) {
      const choices = allowed(order.regions).join(', ') || '-'
      return refused('INVALID_TRANSITION', 'orderId', { status: order.status, command, allowed: choices })
    }
    const to = statusOf(regions)
    await advanceOrder(tx, order, {
      event: STATUS_EVENTS[to],
      at: instant(deps.clock.now()),
      actor: consumer,
      regions,
      set: change.set ?? {},
      data: { from: order.status, to, by: party, backfill: false }
    })
    return { id: order.id, userErrors: [] }
  })
}

type Refused = [code: Parameters<typeof refuse>[0], field: string, values?: Readonly<Record<string, string>>]
