import type { SubscriptionField } from '../../platform/log/catalogue.ts'
import { RETURN_EVENTS } from './events.ts'

/** `returnUpdated`: every step of every return that the subscriber may see. */
export const returnUpdated: SubscriptionField = {
  name: 'returnUpdated',
  typeName: 'ReturnUpdated',
  sdl: `
    extend type Subscription {
      "Every step of a return, of one order or of all."
      returnUpdated(orderId: ID, after: Cursor): ReturnUpdated! @owner(department: "service")
    }
    "A return came to a status."
    type ReturnUpdated implements Event @owner(department: "service") {
      id: ID! @commons
      cursor: Cursor! @commons
      at: DateTime! @commons
      version: Int @commons
      "Null when the return has just been asked for."
      from: ReturnStatus
      to: ReturnStatus!
      return: Return
      order: Order
    }
    enum ReturnStatus { PENDING REFUSED REQUESTED APPROVED DECLINED RECEIVED }
    type Return @key(fields: "id", resolvable: false) { id: ID! }
    type Order @key(fields: "id", resolvable: false) { id: ID! }
  `,
  types: RETURN_EVENTS,
  scopedAs: 'Return',
  filter: ({ orderId }) => ({ types: RETURN_EVENTS, ...(typeof orderId === 'string' && { orderId }) }),
  payload: ({ data, aggregate, keys }) => ({
    from: data['from'] ?? null,
    to: data['to'],
    return: { __typename: 'Return', id: aggregate.id },
    order: { __typename: 'Order', id: keys.orderId }
  })
}
