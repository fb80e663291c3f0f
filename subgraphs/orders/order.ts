import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { bigintNumber } from '../../platform/database/number.ts'
import { Money, money } from '../../platform/graphql/money.ts'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import type { Regions } from './order-machine.ts'
import { Channel, OrderStatus, STATUS_CODES } from './order-status.ts'
import { Address, FulfillmentPreferences, OrderState } from './order-values.ts'

/** An order: its row and, field for field, what the graph shows of it. Lines, customer and timeline are resolved apart. */
@Entity('orders')
@ObjectType()
@Directive('@key(fields: "id")')
@Directive('@owner(department: "sales")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class Order {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  readonly id!: string

  @Column('varchar', { length: 64 })
  readonly company!: string

  @Column('varchar', { length: 64 })
  @Field(() => String, { description: 'What people call the order; unique in the channel.' })
  readonly number!: string

  @Column('varchar', { length: 16 })
  @Field(() => Channel)
  readonly channel!: Channel

  @Column('varchar', { name: 'external_id', length: 128, nullable: true })
  @Field(() => String, { nullable: true, description: 'The channel’s own id of the order.' })
  readonly externalId!: string | null

  @Column('varchar', { name: 'customer_id', length: 64 })
  readonly customerId!: string

  /** Distinct suppliers of the lines, repeated here so that a row carries all its scope keys. */
  @Column('simple-json', { name: 'supplier_ids' })
  readonly supplierIds!: readonly string[]

  @Column('varchar', { length: 64, nullable: true })
  readonly region!: string | null

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => ID, { nullable: true, description: 'The carrier that has it, once it is known.' })
  readonly carrier!: string | null

  @Column('bigint', { name: 'total_minor', transformer: bigintNumber })
  readonly totalMinor!: number

  /** False when a source never said what the order was worth: `totalMinor` is 0 then, so that it sorts and adds up. */
  @Column('boolean', { name: 'total_known' })
  readonly totalKnown!: boolean

  @Column('varchar', { length: 3 })
  readonly currency!: string

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'What the customer wrote. Personal data.' })
  readonly note!: string | null

  @Column('simple-json', { name: 'ship_to', nullable: true })
  @Field(() => Address, { nullable: true })
  readonly shipTo!: Address | null

  @Column('simple-json', { nullable: true })
  @Field(() => FulfillmentPreferences, { nullable: true })
  readonly preferences!: FulfillmentPreferences | null

  @Column('varchar', { name: 'placed_at', length: 24 })
  @Field(() => DateTimeScalar)
  // What happens within minutes of the placing, and so tells its hour.
  @Directive(
    '@correlates(with: ["TimelineEntry.at", "OrderStatusChanged.at", "StatusReport.occurredAt", "StatusReport.receivedAt", "RoutingDecision.decidedAt", "PromiseRevised.at", "ProductionOrder.triggeredAt", "ProductionOrderTriggered.at"])'
  )
  readonly placedAt!: string

  @Column('simple-json')
  readonly regions!: Regions

  @Column('varchar', { length: 20 })
  @Field(() => OrderStatus)
  readonly status!: OrderStatus

  @Column('varchar', { name: 'cancel_reason', length: 500, nullable: true })
  @Field(() => String, { nullable: true })
  readonly cancelReason!: string | null

  @Column('integer')
  @Field(() => Int, { description: 'Counts the order’s events; send it as `expectedVersion`.' })
  readonly version!: number

  /** Fingerprint of the imported facts; null for an order that was submitted here. */
  @Column('varchar', { name: 'import_hash', length: 64, nullable: true })
  readonly importHash!: string | null

  @Field(() => Int, { description: '0 awaiting payment, 1 paid, 2 shipped, 3 completed, 4 cancelled.' })
  get statusCode(): number {
    return STATUS_CODES[this.status]
  }

  @Field(() => Money, { nullable: true, description: 'Null when the source of an imported order did not say.' })
  get total(): Money | null {
    return this.totalKnown ? money(this.totalMinor, this.currency) : null
  }

  @Field(() => OrderState)
  get state(): OrderState {
    const active = Object.entries(this.regions).map(([region, state]) => `${region}.${state}`)
    return { ...this.regions, active }
  }
}

/** The facts that decide who may see the order and what it owns. */
export function keysOf(order: OrderRow): ScopeKeys {
  const { company, id: orderId, channel, customerId, supplierIds, region, carrier } = order
  return { company, orderId, channel, customerId, supplierIds, region, carrier }
}

/** An order's row without what is computed from it. */
export type OrderRow = Omit<Order, 'statusCode' | 'total' | 'state'>
