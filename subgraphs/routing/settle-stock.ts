import { type EntityManager, In } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { FulfillmentLine, FulfillmentOrder, FulfillmentOrderStatus } from './fulfillment-order.ts'
import { lockLevels } from './reserve-stock.ts'
import { StockLevel, stockLevelId } from './stock-level.ts'

/** What becomes of an order's reservations: `consume` when it is shipped, `release` when it is cancelled. */
export async function settleStock(
  manager: EntityManager,
  dialect: Database['dialect'],
  order: { readonly company: string; readonly orderId: string },
  how: 'consume' | 'release'
): Promise<void> {
  const open = await manager.findBy(FulfillmentOrder, { orderId: order.orderId, status: FulfillmentOrderStatus.OPEN })
  if (open.length === 0) return
  const nodeOf = new Map(open.map(({ id, nodeId }) => [id, nodeId]))
  const lines = await manager.findBy(FulfillmentLine, { fulfillmentOrderId: In([...nodeOf.keys()]) })
  const quantities = new Map<string, number>()
  for (const { fulfillmentOrderId, sku, quantity } of lines) {
    const id = stockLevelId(order.company, nodeOf.get(fulfillmentOrderId) ?? '', sku)
    quantities.set(id, quantity + (quantities.get(id) ?? 0))
  }
  await lockLevels(manager, dialect, { id: In([...quantities.keys()]) })
  for (const [id, quantity] of quantities) {
    await manager
      .createQueryBuilder()
      .update(StockLevel)
      .set({
        reserved: () => 'reserved - :quantity',
        // A count that already left the shipped pieces out is not taken below zero.
        ...(how === 'consume' && { onHand: () => 'CASE WHEN on_hand > :quantity THEN on_hand - :quantity ELSE 0 END' })
      })
      .where('id = :id', { id, quantity })
      .execute()
  }
  const status = how === 'consume' ? FulfillmentOrderStatus.CLOSED : FulfillmentOrderStatus.CANCELLED
  await manager.update(FulfillmentOrder, { id: In([...nodeOf.keys()]) }, { status })
}
