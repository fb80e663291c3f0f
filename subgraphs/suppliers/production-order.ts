import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { DateScalar, DateTimeScalar, DecimalScalar } from '../../platform/graphql/scalars.ts'
import type { OrderShadow } from '../../platform/scope/order-shadow.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import { ProductionOrderStatus } from './production-order-status.ts'

/** A demand on one supplier, born of a shortage for one order and one SKU. */
@Entity('production_order')
@ObjectType({ description: 'What a supplier is asked to make for an order that stock could not cover.' })
@Directive('@key(fields: "id")')
@Directive('@owner(department: "procurement")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class ProductionOrder {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Index('production_order_by_order')
  @Column('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Index('production_order_by_supplier')
  @Column('varchar', { name: 'supplier_id', length: 64 })
  supplierId!: string

  @Column('varchar', { length: 64 })
  @Field(() => String)
  sku!: string

  @Column('integer')
  @Field(() => Int)
  quantity!: number

  @Column('varchar', { name: 'required_by', length: 10 })
  @Field(() => DateScalar, {
    description: 'The day the promise to the customer needs it; never before the lead time allows.'
  })
  @Directive('@derivedFrom(fields: ["Order.promise"])')
  requiredBy!: string

  @Column('varchar', { length: 16 })
  @Field(() => ProductionOrderStatus)
  status!: ProductionOrderStatus

  @Column('varchar', { name: 'triggered_at', length: 24 })
  @Field(() => DateTimeScalar)
  triggeredAt!: string

  @Column('varchar', { name: 'promised_date', length: 10, nullable: true })
  promisedDate!: string | null

  @Column('integer', { name: 'promised_quantity', nullable: true })
  promisedQuantity!: number | null

  @Column('varchar', { name: 'acknowledged_at', length: 24, nullable: true })
  acknowledgedAt!: string | null

  @Column('integer')
  @Field(() => Int, { description: 'Send it back as `expectedVersion`.' })
  version!: number

  /** Joined by every read: without a shadow nobody may see the row (semantics W2). */
  shadow!: OrderShadow
}

/** What the production order is made of, as its bill of materials was when it was triggered. */
@Entity('production_order_component')
@ObjectType({ description: 'A component of what is to be made.' })
@Directive('@owner(department: "procurement")')
export class BomLine {
  @PrimaryColumn('varchar', { name: 'production_order_id', length: 64 })
  productionOrderId!: string

  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => String)
  component!: string

  @Column('varchar', { name: 'quantity_per', length: 24 })
  @Field(() => DecimalScalar, { description: 'How much of it goes into one piece.' })
  quantityPer!: string

  @Column('integer', { name: 'lead_time_days' })
  @Field(() => Int)
  leadTimeDays!: number
}

@ObjectType({ description: 'When the supplier delivers, and how much.' })
@Directive('@owner(department: "procurement")')
export class DeliveryPromise {
  @Field(() => DateScalar)
  readonly date!: string

  @Field(() => Int)
  readonly quantity!: number

  @Field(() => DateTimeScalar)
  readonly acknowledgedAt!: string
}

/** What decides who may see a production order: its order's keys, and of the suppliers the one who makes it. */
export function keysOfProductionOrder(order: Omit<ScopeKeys, 'supplierIds'>, supplierId: string): ScopeKeys {
  const { company, orderId, channel, customerId, region, carrier } = order
  return { company, orderId, channel, customerId, supplierIds: [supplierId], region, carrier }
}
