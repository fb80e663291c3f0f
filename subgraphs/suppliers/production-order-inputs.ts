import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import { PageArguments } from '../../platform/graphql/page-arguments.ts'
import { DateScalar } from '../../platform/graphql/scalars.ts'
import { ProductionOrderStatus } from './production-order-status.ts'

@InputType({ description: 'Narrows the list; every field given must hold.' })
export class ProductionOrderFilter {
  @Field(() => ID, { nullable: true })
  readonly orderId?: string | null

  @Field(() => ID, { nullable: true })
  readonly supplierId?: string | null

  @Field(() => [ProductionOrderStatus], { nullable: true, description: 'Any of these.' })
  readonly status?: readonly ProductionOrderStatus[] | null
}

@ArgsType()
export class SuppliersArgs extends PageArguments {}

@ArgsType()
export class ProductionOrdersArgs extends SuppliersArgs {
  @Field(() => ProductionOrderFilter, { nullable: true })
  readonly filter?: ProductionOrderFilter | null
}

@InputType()
export class AcknowledgeProductionOrderInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => ID)
  readonly productionOrderId!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was read; refused with VERSION_CONFLICT when it has changed.'
  })
  readonly expectedVersion?: number | null

  @Field(() => DateScalar, { description: 'The day of delivery, today or later; it may be after `requiredBy`.' })
  readonly promisedDate!: string

  @Field(() => Int, { description: 'How many are delivered, at most those asked for.' })
  readonly quantity!: number
}
