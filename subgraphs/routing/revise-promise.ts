import { DateTime } from 'luxon'
import { instant } from '../../platform/clock.ts'
import { invariant } from '../../platform/errors.ts'
import type { Handler } from '../../platform/log/reader.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { emitFacts } from './events.ts'
import { lockRoutedOrder } from './lock-order.ts'
import { addPromise } from './make-promise.ts'
import { promiseFor } from './promise-for.ts'
import { ProductionPromise } from './routed-order.ts'
import type { RoutingDeps } from './routing-deps.ts'

/** production-order.acknowledged: the supplier's day takes the estimate's place, and the order is promised anew. */
export function revisePromise(deps: RoutingDeps): Handler<void> {
  return {
    async apply(tx, event) {
      const { productionOrderId, sku, promisedDate } = event.data
      if (typeof productionOrderId !== 'string' || typeof sku !== 'string' || typeof promisedDate !== 'string') {
        throw new Error('production-order.acknowledged has no productionOrderId, sku or promisedDate')
      }
      const order = await lockRoutedOrder(tx.manager, deps.database.dialect, event)
      const { orderId, company, state, paidAt } = order
      const promisedDay = dayOf(promisedDate, deps.zone)
      await tx.manager.upsert(ProductionPromise, { productionOrderId, orderId, sku, promisedDay }, [
        'productionOrderId'
      ])
      if (state !== 'ROUTED' || paidAt === null) return

      // The acknowledgement carries its own supplier alone; who may see the order is in its shadow.
      const keys = (await shadowKeys(tx.manager, [orderId])).get(orderId)
      invariant(keys, `order ${orderId} has a shadow`)
      const window = await promiseFor(tx.manager, deps.zone, { ...order, paidAt }, keys.region)
      const at = instant(deps.clock.now())
      const revised = await addPromise(tx.manager, { company, orderId }, window, { reason: event.type, madeAt: at })
      if (revised) await emitFacts(tx, order, keys, at, [revised])
    }
  }
}

/** A day as it is, an instant as the company's day. */
function dayOf(promisedDate: string, zone: string): string {
  const day = DateTime.fromISO(promisedDate, { zone }).toISODate()
  if (day === null) throw new Error(`production-order.acknowledged promises a day, not ${promisedDate}`)
  return day
}
