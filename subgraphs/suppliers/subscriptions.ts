import type { SubscriptionField } from '../../platform/log/catalogue.ts'

const TYPES = ['production-order.triggered']

/** `productionOrderTriggered`: every new production order that the subscriber may see; a supplier gets its own. */
export const productionOrderTriggered: SubscriptionField = {
  name: 'productionOrderTriggered',
  typeName: 'ProductionOrderTriggered',
  sdl: `
    extend type Subscription {
      "Something is to be made because stock ran short."
      productionOrderTriggered(after: Cursor): ProductionOrderTriggered! @owner(department: "procurement")
    }
    "A supplier is asked to make something."
    type ProductionOrderTriggered implements Event @owner(department: "procurement") {
      id: ID! @commons
      cursor: Cursor! @commons
      at: DateTime! @commons
      version: Int @commons
      sku: String!
      quantity: Int!
      productionOrder: ProductionOrder
      order: Order
    }
    type ProductionOrder @key(fields: "id", resolvable: false) { id: ID! }
    type Order @key(fields: "id", resolvable: false) { id: ID! }
  `,
  types: TYPES,
  scopedAs: 'ProductionOrder',
  filter: () => ({ types: TYPES }),
  payload: ({ data, aggregate, keys }) => ({
    sku: data['sku'],
    quantity: data['quantity'],
    productionOrder: { __typename: 'ProductionOrder', id: aggregate.id },
    order: { __typename: 'Order', id: keys.orderId }
  })
}
