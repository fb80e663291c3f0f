import { instant } from '../../platform/clock.ts'
import { groupBy } from '../../platform/group-by.ts'
import { newId } from '../../platform/ids.ts'
import type { Handler } from '../../platform/log/reader.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import { emitFacts, type RoutingFact } from './events.ts'
import { FulfillmentLine, FulfillmentOrder, FulfillmentOrderStatus } from './fulfillment-order.ts'
import { lockRoutedOrder } from './lock-order.ts'
import { addPromise } from './make-promise.ts'
import { type Allocation, STRATEGY } from './plan-allocation.ts'
import { promiseFor } from './promise-for.ts'
import { type Reservation, reserveStock } from './reserve-stock.ts'
import { RoutedOrder } from './routed-order.ts'
import type { RoutingDecision } from './routing-decision.ts'
import type { RoutingDeps } from './routing-deps.ts'

/** order.paid: reserves stock, says what is short, and promises a time. What was imported is history and is not routed. */
export function routeOrder(deps: RoutingDeps): Handler<void> {
  return {
    async apply(tx, event) {
      if (event.data['backfill'] === true) return
      const order = await lockRoutedOrder(tx.manager, deps.database.dialect, event)
      if (order.state !== 'WAITING') return
      const { orderId, company } = order
      const at = instant(deps.clock.now())
      const reserved = await reserveStock(tx.manager, deps.database.dialect, {
        company,
        region: event.keys.region,
        lines: order.lines
      })
      await keepFulfillmentOrders(tx, { orderId, company }, reserved.allocations)
      const decision = decided(reserved, deps.clock.now())
      const routed = { state: 'ROUTED', paidAt: event.at, shortages: reserved.shortages, decision } as const
      await tx.manager.update(RoutedOrder, { orderId }, routed)

      const window = await promiseFor(tx.manager, deps.zone, { ...order, ...routed }, event.keys.region)
      const promised = await addPromise(tx.manager, { company, orderId }, window, { reason: event.type, madeAt: at })
      // The promise first: suppliers take the day by which they must deliver from it, when they hear of the shortage.
      await emitFacts(tx, order, event.keys, at, [...(promised ? [promised] : []), ...stockFacts(reserved)])
    }
  }
}

async function keepFulfillmentOrders(
  tx: ReaderTx,
  order: { readonly orderId: string; readonly company: string },
  allocations: readonly Allocation[]
): Promise<void> {
  const { orderId, company } = order
  for (const [nodeId, parts] of groupBy(allocations, a => a.nodeId)) {
    const id = newId('fo')
    await tx.manager.insert(FulfillmentOrder, { id, company, orderId, nodeId, status: FulfillmentOrderStatus.OPEN })
    await tx.manager.insert(
      FulfillmentLine,
      parts.map(({ lineId, sku, quantity, supplierId }) => ({
        fulfillmentOrderId: id,
        lineId,
        company,
        sku,
        quantity,
        supplierId
      }))
    )
  }
}

function decided({ reasons, figures }: Reservation, now: number): RoutingDecision {
  const inputs = [...groupBy(figures, figure => figure.nodeId)].map(([nodeId, ofNode]) => {
    const oldest = ofNode.reduce((a, b) => (b.occurredAt < a.occurredAt ? b : a))
    const ageSeconds = Math.max(0, Math.round((now - Date.parse(oldest.occurredAt)) / 1000))
    return { nodeId, source: oldest.source, ageSeconds }
  })
  return { strategy: STRATEGY, decidedAt: instant(now), reasons, inputs }
}

function stockFacts({ allocations, shortages }: Reservation): readonly RoutingFact[] {
  const facts: RoutingFact[] = []
  if (allocations.length > 0) {
    const parts = allocations.map(({ nodeId, sku, quantity }) => ({ nodeId, sku, quantity }))
    facts.push({ type: 'stock.allocated', data: { allocations: parts, strategy: STRATEGY } })
  }
  if (shortages.length > 0) facts.push({ type: 'stock.shortage', data: { shortages, strategy: STRATEGY } })
  return facts
}
