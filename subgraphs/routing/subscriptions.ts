import type { SubscriptionField } from '../../platform/log/catalogue.ts'

const TYPES = ['promise.revised']

/** `promiseRevised`: an order is promised for another time than before. */
export const promiseRevised: SubscriptionField = {
  name: 'promiseRevised',
  typeName: 'PromiseRevised',
  sdl: `
    extend type Subscription {
      "Every change of a promise, of one order or of all."
      promiseRevised(orderId: ID, after: Cursor): PromiseRevised! @owner(department: "fulfillment")
    }
    "An order is promised for another time than before."
    type PromiseRevised implements Event @owner(department: "fulfillment") {
      id: ID! @commons
      cursor: Cursor! @commons
      at: DateTime! @commons
      version: Int! @commons
      promisedFrom: DateTime!
      promisedTo: DateTime!
      revision: Int!
      "The event that led to it."
      reason: String
      order: Order
    }
    type Order @key(fields: "id", resolvable: false) { id: ID! }
  `,
  types: TYPES,
  scopedAs: 'Order',
  filter: ({ orderId }) => ({ types: TYPES, ...(typeof orderId === 'string' && { orderId }) }),
  payload: ({ data, aggregate }) => ({
    promisedFrom: data['promisedFrom'],
    promisedTo: data['promisedTo'],
    revision: data['revision'],
    reason: data['reason'] ?? null,
    order: { __typename: 'Order', id: aggregate.id }
  })
}
