import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'

export enum FulfillmentOrderStatus {
  OPEN = 'OPEN',
  CLOSED = 'CLOSED',
  CANCELLED = 'CANCELLED'
}

registerEnumType(FulfillmentOrderStatus, {
  name: 'FulfillmentOrderStatus',
  description: 'OPEN: stock is reserved. CLOSED: shipped. CANCELLED: the reservation is released.'
})

/** What one node sends of an order: its reservation. */
@Entity('fulfillment_order')
@ObjectType({ description: 'What one node sends of an order.' })
@Directive('@owner(department: "fulfillment")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class FulfillmentOrder {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { name: 'node_id', length: 64 })
  nodeId!: string

  @Column('varchar', { length: 16 })
  @Field(() => FulfillmentOrderStatus)
  status!: FulfillmentOrderStatus

  /** The lines that the caller may see. */
  @Field(() => [FulfillmentLine])
  lines?: readonly FulfillmentLine[]

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes?: number
}

/** How many of one order line the node sends. A supplier sees its own lines only. */
@Entity('fulfillment_line')
@ObjectType({ description: 'How many of one order line a node sends.' })
@Directive('@owner(department: "fulfillment")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class FulfillmentLine {
  @PrimaryColumn('varchar', { name: 'fulfillment_order_id', length: 64 })
  fulfillmentOrderId!: string

  @PrimaryColumn('varchar', { name: 'line_id', length: 64 })
  @Field(() => ID, { description: 'The `OrderLine.id` it is about.' })
  lineId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { length: 64 })
  @Field(() => String)
  sku!: string

  @Column('integer')
  @Field(() => Int)
  quantity!: number

  @Column('varchar', { name: 'supplier_id', length: 64, nullable: true })
  supplierId!: string | null

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes?: number
}
