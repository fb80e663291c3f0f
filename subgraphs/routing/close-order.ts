import type { Handler } from '../../platform/log/reader.ts'
import { lockRoutedOrder } from './lock-order.ts'
import { RoutedOrder } from './routed-order.ts'
import type { RoutingDeps } from './routing-deps.ts'
import { settleStock } from './settle-stock.ts'

/** order.cancelled gives reserved stock back; order.shipped takes it off the shelf. */
export function closeOrder(deps: RoutingDeps, state: 'CANCELLED' | 'SHIPPED'): Handler<void> {
  return {
    async apply({ manager }, event) {
      const order = await lockRoutedOrder(manager, deps.database.dialect, event)
      if (order.state === 'CANCELLED' || order.state === 'SHIPPED') return
      await settleStock(manager, deps.database.dialect, order, state === 'SHIPPED' ? 'consume' : 'release')
      await manager.update(RoutedOrder, { orderId: order.orderId }, { state })
    }
  }
}
