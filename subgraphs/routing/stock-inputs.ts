import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import { UserError } from '../../platform/graphql/user-error.ts'
import { StockLevel } from './stock-level.ts'

@InputType()
export class ReportStockInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => Int, { nullable: true, description: 'The version that was read; 0 for an article the node never had.' })
  readonly expectedVersion?: number | null

  @Field(() => ID)
  readonly nodeId!: string

  @Field(() => String)
  readonly sku!: string

  @Field(() => Int, { description: 'An absolute count, not a difference.' })
  readonly onHand!: number

  @Field(() => String, { description: 'The system that counted, such as `wms`.' })
  readonly source!: string

  @Field(() => DateTimeScalar, { description: 'When it was counted.' })
  readonly occurredAt!: string
}

@ObjectType()
@Directive('@commons')
export class ReportStockPayload {
  @Field(() => StockLevel, { nullable: true })
  readonly level!: StockLevel | null

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}

@InputType()
export class InventoryFilter {
  @Field(() => ID, { nullable: true })
  readonly nodeId?: string | null

  @Field(() => String, { nullable: true })
  readonly sku?: string | null

  @Field(() => String, { nullable: true })
  readonly region?: string | null
}
