import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql'
import { PageArguments } from '../../platform/graphql/page-arguments.ts'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import { Channel, OrderStatus } from './order-status.ts'

export enum OrderOrderField {
  PLACED_AT = 'PLACED_AT',
  NUMBER = 'NUMBER',
  TOTAL = 'TOTAL'
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC'
}

registerEnumType(OrderOrderField, { name: 'OrderOrderField' })
registerEnumType(OrderDirection, { name: 'OrderDirection' })

@InputType()
export class OrderOrder {
  @Field(() => OrderOrderField)
  readonly field!: OrderOrderField

  @Field(() => OrderDirection, { defaultValue: OrderDirection.DESC })
  readonly direction!: OrderDirection
}

@InputType({ description: 'What is given must hold; of a list, one value must.' })
export class OrderFilter {
  @Field(() => [Channel], { nullable: true })
  readonly channel?: readonly Channel[] | null

  @Field(() => [OrderStatus], { nullable: true })
  readonly status?: readonly OrderStatus[] | null

  @Field(() => ID, { nullable: true })
  readonly customerId?: string | null

  @Field(() => String, { nullable: true })
  readonly region?: string | null

  @Field(() => ID, { nullable: true, description: 'Orders with a line of this supplier.' })
  readonly supplierId?: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Placed then or later.' })
  readonly placedFrom?: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Placed before then.' })
  readonly placedTo?: string | null

  @Field(() => String, { nullable: true, description: 'The number begins with it.' })
  readonly numberPrefix?: string | null
}

@ArgsType()
export class OrdersArgs extends PageArguments {
  @Field(() => OrderFilter, { nullable: true })
  readonly filter?: OrderFilter | null

  @Field(() => OrderOrder, { nullable: true, description: 'The newest first when absent.' })
  readonly orderBy?: OrderOrder | null
}
