import { ArgsType, Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Money } from '../../platform/graphql/money.ts'
import { DateScalar } from '../../platform/graphql/scalars.ts'

/** What orders are counted by. */
export enum StatisticsDimension {
  CHANNEL = 'CHANNEL',
  REGION = 'REGION',
  CATEGORY = 'CATEGORY',
  DAY = 'DAY'
}

registerEnumType(StatisticsDimension, {
  name: 'StatisticsDimension',
  description: 'What orders are counted by. DAY is the day an order was placed, in the company’s zone.'
})

@ArgsType()
export class OrderStatisticsArgs {
  @Field(() => [StatisticsDimension])
  readonly by!: readonly StatisticsDimension[]

  @Field(() => DateScalar, { description: 'The first day of a month.' })
  readonly from!: string

  @Field(() => DateScalar, { description: 'The last day of a month; of the running month, today will do.' })
  readonly to!: string
}

/** One cell of a statistic; a dimension that was not asked for is null. */
@ObjectType({ description: 'Counts and sums of the orders that share these values; `UNKNOWN` where nobody knows.' })
@Directive('@owner(department: "sales")')
export class OrderStatisticsCell {
  @Field(() => String, { nullable: true })
  readonly channel!: string | null

  @Field(() => String, { nullable: true })
  readonly region!: string | null

  @Field(() => String, { nullable: true })
  readonly category!: string | null

  @Field(() => DateScalar, { nullable: true })
  readonly day!: string | null

  @Field(() => String, { description: 'ISO 4217: orders in different currencies are in different cells.' })
  readonly currency!: string

  @Field(() => Int, { description: 'Orders; one with lines in several categories counts in each.' })
  readonly orders!: number

  @Field(() => Int, { description: 'Pieces ordered.' })
  readonly units!: number

  @Field(() => Money, { description: 'Sum of quantity × unit price.' })
  readonly amount!: Money
}

/** Counts and sums of orders and never an order: sales’ facts, which this room aggregates. */
@ObjectType({
  description: 'Counts and sums of the orders that the caller’s contract covers, cancelled ones included.'
})
@Directive('@owner(department: "sales")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class OrderStatistics {
  @Field(() => [StatisticsDimension])
  readonly by!: readonly StatisticsDimension[]

  @Field(() => DateScalar)
  readonly from!: string

  @Field(() => DateScalar)
  readonly to!: string

  @Field(() => [OrderStatisticsCell])
  readonly cells!: readonly OrderStatisticsCell[]

  @Field(() => Int, { description: 'A cell of fewer orders is withheld, because it would tell of single orders.' })
  readonly minimumCell!: number

  @Field(() => Int, {
    description: 'How many cells were withheld for that, larger ones that would give them away included.'
  })
  readonly withheldCells!: number

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  readonly metScopes!: number
}
