import { registerEnumType } from 'type-graphql'

/** TRIGGERED until the supplier has said when and how much. */
export enum ProductionOrderStatus {
  TRIGGERED = 'TRIGGERED',
  ACKNOWLEDGED = 'ACKNOWLEDGED'
}

registerEnumType(ProductionOrderStatus, {
  name: 'ProductionOrderStatus',
  description: 'TRIGGERED until the supplier has said when and how much.'
})
