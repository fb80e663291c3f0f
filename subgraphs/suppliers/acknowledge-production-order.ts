import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { addDays, dayOf } from './days.ts'
import { acknowledged } from './events.ts'
import { keysOfProductionOrder, ProductionOrder } from './production-order.ts'
import type { AcknowledgeProductionOrderInput } from './production-order-inputs.ts'
import { ProductionOrderStatus } from './production-order-status.ts'
import { refusal } from './refusals.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'

/** Days ahead that are still a promise and not a slip of the pen. */
const HORIZON = 730

/** The supplier's answer (X12 855): a day from today on, and all or part of the quantity. Given once. */
export function acknowledgeProductionOrder(
  deps: SuppliersDeps,
  context: Context,
  input: AcknowledgeProductionOrderInput
): Promise<Outcome> {
  const { access } = context
  return mutate(deps, context, 'acknowledgeProductionOrder', input, async tx => {
    const row = await lock(deps.database.dialect, tx.manager, input.productionOrderId)
    const order = row && (await shadowKeys(tx.manager, [row.orderId])).get(row.orderId)
    if (row?.company !== access.company || !order) return no('NOT_FOUND', 'productionOrderId')

    const keys = keysOfProductionOrder(order, row.supplierId)
    if (metScopes(keys, access.write['ProductionOrder']) === 0) {
      return no(
        metScopes(keys, access.read['ProductionOrder']) === 0 ? 'NOT_FOUND' : 'OUT_OF_SCOPE',
        'productionOrderId'
      )
    }
    if (input.expectedVersion != null && input.expectedVersion !== row.version) {
      return no('VERSION_CONFLICT', 'expectedVersion')
    }
    if (row.status !== ProductionOrderStatus.TRIGGERED) {
      const allowed = access.language === 'zh' ? '无' : 'none'
      return no('INVALID_TRANSITION', 'productionOrderId', { status: row.status, allowed })
    }
    const wrong = wrongPromise(dayOf(instant(deps.clock.now()), deps.zone), row)
    if (wrong) return wrong

    const change = {
      status: ProductionOrderStatus.ACKNOWLEDGED,
      promisedDate: input.promisedDate,
      promisedQuantity: input.quantity,
      acknowledgedAt: instant(deps.clock.now()),
      version: row.version + 1
    }
    await tx.manager.update(ProductionOrder, { id: row.id }, change)
    tx.emit(acknowledged(deps.clock, { ...row, ...change }, keys))
    return { id: row.id, userErrors: [] }
  })

  function wrongPromise(today: string, row: ProductionOrder): Outcome | null {
    const latest = addDays(today, HORIZON)
    if (input.promisedDate < today) return no('DATE_IN_PAST', 'promisedDate', { today })
    if (input.promisedDate > latest) return no('DATE_TOO_FAR', 'promisedDate', { latest })
    if (input.quantity >= 1 && input.quantity <= row.quantity) return null
    return no('INVALID_QUANTITY', 'quantity', { ordered: row.quantity })
  }

  function no(
    code: Parameters<typeof refusal>[0],
    field: string,
    values?: Readonly<Record<string, string | number>>
  ): Outcome {
    return { id: null, userErrors: [refusal(code, access.language, ['input', field], values)] }
  }
}

/** Under the row's lock; SQLite has one writer anyway. */
function lock(dialect: Database['dialect'], manager: EntityManager, id: string): Promise<ProductionOrder | null> {
  const lock = dialect === 'mysql' ? { lock: { mode: 'pessimistic_write' as const } } : {}
  return manager.findOne(ProductionOrder, { where: { id }, ...lock })
}
