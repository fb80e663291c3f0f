import type { Logger } from 'pino'
import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { invariant } from '../../platform/errors.ts'
import { idFrom } from '../../platform/ids.ts'
import { type Facts, factsOf } from '../../platform/log/facts.ts'
import type { SequencedEvent } from '../../platform/log/log.ts'
import type { Handler, ReaderTx } from '../../platform/log/reader.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { BomComponent } from './bom-component.ts'
import { triggered } from './events.ts'
import { OrderPromise } from './order-facts.ts'
import { BomLine, keysOfProductionOrder, ProductionOrder } from './production-order.ts'
import { ProductionOrderStatus } from './production-order-status.ts'
import { requiredBy } from './required-by.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'

/** Where stock runs short, the SKU's supplier is asked to make it: one production order per order and SKU, however often it is said. */
export function triggerProduction(deps: SuppliersDeps, logger: Pick<Logger, 'warn'>): Handler {
  return {
    async apply(tx, event) {
      const { orderId, company } = event.keys
      invariant(orderId, 'stock runs short for an order')
      for (const shortage of factsOf(event).list('shortages')) {
        const supplierId = shortage.textOrNull('supplierId')
        if (supplierId !== null) await trigger(deps, tx, event, { company, orderId, supplierId }, shortage)
        else
          logger.warn(
            { event: event.id, sku: shortage.text('sku') },
            'a shortage names no supplier: nobody can be asked'
          )
      }
    }
  }
}

type Place = Pick<ProductionOrder, 'company' | 'orderId' | 'supplierId'>

async function trigger(
  { clock, zone }: SuppliersDeps,
  { manager, emit }: ReaderTx,
  event: SequencedEvent,
  { company, orderId, supplierId }: Place,
  shortage: Facts
): Promise<void> {
  const sku = shortage.text('sku')
  const id = idFrom('po', company, orderId, sku)
  if (await manager.existsBy(ProductionOrder, { id })) return

  const components = await manager.find(BomComponent, { where: { company, sku }, order: { component: 'ASC' } })
  const promise = await manager.findOneBy(OrderPromise, { orderId })
  const demand = {
    shortAt: event.at,
    promisedFrom: promise?.promisedFrom ?? null,
    leadTimesDays: components.map(component => component.leadTimeDays)
  }
  const row = {
    id,
    company,
    orderId,
    supplierId,
    sku,
    quantity: shortage.integer('quantity'),
    requiredBy: requiredBy(demand, zone),
    status: ProductionOrderStatus.TRIGGERED,
    triggeredAt: instant(clock.now()),
    promisedDate: null,
    promisedQuantity: null,
    acknowledgedAt: null,
    version: 1
  }
  await manager.insert(ProductionOrder, row)
  await explode(manager, id, components)
  const keys = (await shadowKeys(manager, [orderId])).get(orderId) ?? event.keys
  emit(triggered(clock, row, keysOfProductionOrder(keys, supplierId)))
}

/** A copy: what is being made does not change when the bill of materials does. */
async function explode(manager: EntityManager, id: string, components: readonly BomComponent[]): Promise<void> {
  const lines = components.map(({ component, quantityPer, leadTimeDays }) => ({
    productionOrderId: id,
    component,
    quantityPer,
    leadTimeDays
  }))
  if (lines.length > 0) await manager.insert(BomLine, lines)
}
