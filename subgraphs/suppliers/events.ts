import { type Clock, instant } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import type { ProductionOrder } from './production-order.ts'

type Row = Omit<ProductionOrder, 'shadow'>

/** A supplier is asked to make something. */
export function triggered(clock: Clock, row: Row, keys: ScopeKeys): LogEvent {
  return productionOrderEvent(clock, 'production-order.triggered', row, keys, { quantity: row.quantity })
}

/** The supplier has said when it delivers, and how many of those asked for. */
export function acknowledged(clock: Clock, row: Row, keys: ScopeKeys): LogEvent {
  const { promisedDate, promisedQuantity } = row
  return productionOrderEvent(clock, 'production-order.acknowledged', row, keys, {
    quantity: promisedQuantity,
    requestedQuantity: row.quantity,
    promisedDate
  })
}

function productionOrderEvent(
  clock: Clock,
  type: string,
  row: Row,
  keys: ScopeKeys,
  facts: LogEvent['data']
): LogEvent {
  const { id, orderId, supplierId, sku, requiredBy, version } = row
  return {
    id: newId('evt'),
    type,
    source: 'suppliers',
    at: instant(clock.now()),
    aggregate: { type: 'production-order', id },
    version,
    keys,
    data: { productionOrderId: id, orderId, supplierId, sku, requiredBy, ...facts }
  }
}
