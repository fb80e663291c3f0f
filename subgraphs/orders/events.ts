import { newId } from '../../platform/ids.ts'
import type { SubscriptionField } from '../../platform/log/catalogue.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { keysOf, type OrderRow } from './order.ts'
import { Channel, OrderStatus } from './order-status.ts'

/** The room's name in the log and in the supergraph. */
export const ROOM = 'orders'

/** The event that says an order has reached a status. */
export const STATUS_EVENTS: Readonly<Record<OrderStatus, string>> = {
  AWAITING_PAYMENT: 'order.submitted',
  PAID: 'order.paid',
  SHIPPED: 'order.shipped',
  COMPLETED: 'order.completed',
  CANCELLED: 'order.cancelled'
}

/** What order.submitted says of a line: no name, for a customer may have worded it (semantics W6). */
export interface SubmittedLine {
  readonly lineId: string
  readonly sku: string
  readonly category: string | null
  readonly quantity: number
  readonly supplierId: string | null
  /** Minor units of the order's currency. */
  readonly unitPrice: number
}

/** An event of the order at its version, with its scope keys as they are after the change. */
export function orderEvent(
  order: OrderRow,
  type: string,
  at: string,
  data: LogEvent['data'],
  id: string = newId('evt')
): LogEvent {
  const aggregate = { type: 'order', id: order.id }
  return { id, type, source: ROOM, at, aggregate, version: order.version, keys: keysOf(order), data }
}

/** `orderStatusChanged`: the five status events, of one order, one channel or all. */
export const orderStatusChanged: SubscriptionField = {
  name: 'orderStatusChanged',
  typeName: 'OrderStatusChanged',
  types: Object.values(STATUS_EVENTS),
  scopedAs: 'Order',
  filter: ({ orderId }) => ({
    types: Object.values(STATUS_EVENTS),
    ...(typeof orderId === 'string' && { orderId })
  }),
  accepts: (event, { channel }) => channel == null || event.keys.channel === channel,
  payload: event => ({
    from: event.data['from'] ?? null,
    to: event.data['to'],
    order: { __typename: 'Order', id: event.aggregate.id }
  }),
  sdl: `
enum Channel { ${Object.keys(Channel).join(' ')} }
enum OrderStatus { ${Object.keys(OrderStatus).join(' ')} }
type Order @key(fields: "id", resolvable: false) { id: ID! }
extend type Subscription {
  "Each change of an order’s status; \`from\` is null for a new order."
  orderStatusChanged(orderId: ID, channel: Channel, after: Cursor): OrderStatusChanged! @owner(department: "sales")
}
type OrderStatusChanged implements Event @owner(department: "sales") {
  id: ID! @commons
  cursor: Cursor! @commons
  at: DateTime! @commons
  version: Int @commons
  from: OrderStatus
  to: OrderStatus!
  order: Order
}
`
}
