import { DateTime } from 'luxon'
import { type EntityManager, In } from 'typeorm'
import { computePromise, type PromisedWindow } from './compute-promise.ts'
import { FulfillmentOrder } from './fulfillment-order.ts'
import { Intent } from './intent.ts'
import { PRODUCTION_ESTIMATE_DAYS } from './lane-times.ts'
import { ProductionPromise, type RoutedOrder } from './routed-order.ts'
import { StockNode } from './stock-node.ts'

type Routed = Pick<RoutedOrder, 'orderId' | 'company' | 'shortages'> & { readonly paidAt: string }

/** What can be promised for a routed order by all that is known now. */
export async function promiseFor(
  manager: EntityManager,
  zone: string,
  order: Routed,
  region: string | null
): Promise<PromisedWindow> {
  const { orderId, company, paidAt } = order
  const parts = await manager.findBy(FulfillmentOrder, { orderId })
  const nodeIds = [...new Set(parts.map(part => part.nodeId))]
  const origins = nodeIds.length > 0 ? await manager.findBy(StockNode, { company, id: In(nodeIds) }) : []
  const intents = await manager.find(Intent, { where: { orderId }, order: { ordinal: 'ASC' } })
  const wishes = intents.map(({ code, date }) => ({ code, date }))
  return computePromise({ paidAt, zone, region, origins, wishes, production: await production(manager, zone, order) })
}

/** The day on which the last of what is short is there: a supplier's word where there is one, our estimate elsewhere. */
async function production(manager: EntityManager, zone: string, { orderId, paidAt, shortages }: Routed) {
  if (shortages.length === 0) return null
  const said = await manager.findBy(ProductionPromise, { orderId })
  const days = said.map(promise => promise.promisedDay)
  const estimated = shortages.some(({ sku }) => !said.some(promise => promise.sku === sku))
  if (estimated) {
    days.push(DateTime.fromISO(paidAt, { zone }).plus({ days: PRODUCTION_ESTIMATE_DAYS }).toISODate() ?? '')
  }
  return { day: days.sort().at(-1) ?? '', estimated }
}
