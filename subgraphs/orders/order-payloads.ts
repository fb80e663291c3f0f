import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { connectionOf } from '../../platform/graphql/connection.ts'
import { UserError } from '../../platform/graphql/user-error.ts'
import { Order } from './order.ts'

/** Pages of orders. */
export const { Connection: OrderConnection } = connectionOf(Order, 'Order')

/** The base of every payload about one order. */
@ObjectType()
abstract class OnOrder {
  @Field(() => Order, { nullable: true, description: 'The order as it is now; null when refused or out of sight.' })
  readonly order!: Order | null

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}

@ObjectType()
@Directive('@commons')
export class SubmitOrderPayload extends OnOrder {}

@ObjectType()
@Directive('@commons')
export class PayOrderPayload extends OnOrder {}

@ObjectType()
@Directive('@commons')
export class ShipOrderPayload extends OnOrder {}

@ObjectType()
@Directive('@commons')
export class ConfirmReceiptPayload extends OnOrder {}

@ObjectType()
@Directive('@commons')
export class CancelOrderPayload extends OnOrder {}

@ObjectType()
@Directive('@commons')
export class SubmitOrdersPayload {
  @Field(() => [Order], { description: 'In the order of the input; empty when refused.' })
  readonly orders!: readonly Order[]

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}

@ObjectType({ description: 'Who is asking, as the door knows them.' })
@Directive('@commons')
export class Viewer {
  @Field(() => ID)
  readonly id!: string

  @Field(() => String, { description: 'The party class that contracts name.' })
  readonly party!: string

  @Field(() => String)
  readonly company!: string
}
