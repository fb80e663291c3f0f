import { Directive, Field, InputType, ObjectType } from 'type-graphql'
import { DateScalar, DateTimeScalar } from '../../platform/graphql/scalars.ts'
import { OrderStatus } from './order-status.ts'

/** Where an order goes. Personal data: it stays in its row, and never enters events or logs (semantics W6). */
@ObjectType()
@InputType('AddressInput')
@Directive('@owner(department: "sales")')
export class Address {
  @Field(() => String, { nullable: true })
  readonly recipient?: string | null

  @Field(() => String, { nullable: true })
  readonly phone?: string | null

  @Field(() => String, { nullable: true })
  readonly line?: string | null

  @Field(() => String, { nullable: true })
  readonly city?: string | null

  @Field(() => String, { nullable: true })
  readonly region?: string | null

  @Field(() => String, { nullable: true })
  readonly postalCode?: string | null

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  readonly country?: string | null
}

/** What the customer asked of the fulfilment. */
@ObjectType()
@Directive('@owner(department: "sales")')
export class FulfillmentPreferences {
  @Field(() => [String], { description: 'Carriers in order of preference; empty when any will do.' })
  readonly carriers!: readonly string[]

  @Field(() => DateScalar, { nullable: true })
  readonly deliverBy!: string | null
}

/** The statechart's regions, all at once. */
@ObjectType()
@Directive('@owner(department: "sales")')
export class OrderState {
  @Field(() => String, { description: 'AWAITING or PAID.' })
  readonly payment!: string

  @Field(() => String, { description: 'UNFULFILLED, SHIPPED, RECEIVED or CANCELLED.' })
  readonly fulfillment!: string

  @Field(() => String, { description: 'NONE, REQUESTED, APPROVED, RECEIVED or DECLINED.' })
  readonly reverse!: string

  @Field(() => String, { description: 'NONE.' })
  readonly exchange!: string

  @Field(() => String, { description: 'NONE.' })
  readonly compensation!: string

  @Field(() => [String], { description: 'Every region with its state, such as `payment.PAID`.' })
  readonly active!: readonly string[]
}

/** One thing that happened to an order. */
@ObjectType()
@Directive('@owner(department: "sales")')
export class TimelineEntry {
  @Field(() => DateTimeScalar)
  readonly at!: string

  @Field(() => OrderStatus, { description: 'The status that the order had from then on.' })
  readonly status!: OrderStatus

  @Field(() => String, { description: 'The event’s type, such as `order.shipped`.' })
  readonly event!: string

  @Field(() => String, { description: 'The consumer or room that did it.' })
  readonly actor!: string
}
