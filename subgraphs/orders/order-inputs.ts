import { Field, ID, InputType, Int } from 'type-graphql'
import { DateScalar, DateTimeScalar, DecimalScalar } from '../../platform/graphql/scalars.ts'
import { Channel } from './order-status.ts'

@InputType()
export class AddressInput {
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

  @Field(() => String, { nullable: true })
  readonly country?: string | null
}

@InputType()
export class PreferencesInput {
  @Field(() => [String], { nullable: true })
  readonly carriers?: readonly string[] | null

  @Field(() => DateScalar, { nullable: true })
  readonly deliverBy?: string | null
}

@InputType()
export class CustomerInput {
  @Field(() => String, { description: 'The channel’s own id of the customer.' })
  readonly externalId!: string

  @Field(() => String, { nullable: true })
  readonly name?: string | null

  @Field(() => String, { nullable: true })
  readonly phone?: string | null

  @Field(() => String, { nullable: true })
  readonly region?: string | null

  @Field(() => String, { nullable: true })
  readonly city?: string | null
}

@InputType()
export class OrderLineInput {
  @Field(() => String)
  readonly sku!: string

  @Field(() => String, { nullable: true, description: 'The catalogue’s name of the SKU when absent.' })
  readonly name?: string | null

  @Field(() => Int)
  readonly quantity!: number

  @Field(() => DecimalScalar, { description: 'Major units of the order’s currency.' })
  readonly unitPrice!: string

  @Field(() => ID, { nullable: true })
  readonly supplierId?: string | null
}

@InputType()
export class OrderInput {
  @Field(() => Channel)
  readonly channel!: Channel

  @Field(() => String, { nullable: true, description: 'The channel’s own id of the order; unique in the channel.' })
  readonly externalId?: string | null

  @Field(() => String, { nullable: true, description: 'Made up when absent; unique in the channel.' })
  readonly number?: string | null

  @Field(() => CustomerInput)
  readonly customer!: CustomerInput

  @Field(() => [OrderLineInput])
  readonly lines!: readonly OrderLineInput[]

  @Field(() => String, { defaultValue: 'CNY', description: 'ISO 4217.' })
  readonly currency!: string

  @Field(() => String, { nullable: true })
  readonly note?: string | null

  @Field(() => AddressInput, { nullable: true })
  readonly shipTo?: AddressInput | null

  @Field(() => PreferencesInput, { nullable: true })
  readonly preferences?: PreferencesInput | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the customer placed it, not in the future; now when absent.'
  })
  readonly placedAt?: string | null
}

@InputType()
export class SubmitOrderInput extends OrderInput {
  @Field(() => String)
  readonly idempotencyKey!: string
}

@InputType({ description: 'All of the orders or none.' })
export class SubmitOrdersInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => [OrderInput], { description: 'At most 100.' })
  readonly orders!: readonly OrderInput[]
}

@InputType()
export class ChangeOrderInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => ID)
  readonly orderId!: string

  @Field(() => Int, { nullable: true, description: 'Refused with VERSION_CONFLICT when the order has moved on since.' })
  readonly expectedVersion?: number | null
}

@InputType()
export class PayOrderInput extends ChangeOrderInput {}

@InputType()
export class ShipOrderInput extends ChangeOrderInput {
  @Field(() => ID, { nullable: true, description: 'The carrier that takes it.' })
  readonly carrier?: string | null
}

@InputType()
export class ConfirmReceiptInput extends ChangeOrderInput {}

@InputType()
export class CancelOrderInput extends ChangeOrderInput {
  @Field(() => String, { nullable: true })
  readonly reason?: string | null
}
