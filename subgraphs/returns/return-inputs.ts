import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import { PageArguments } from '../../platform/graphql/page-arguments.ts'
import { ReturnReason } from './return-reason.ts'
import { ReturnStatus } from './return-status.ts'

@InputType({ description: 'Narrows the list; every field given must hold.' })
export class ReturnFilter {
  @Field(() => ID, { nullable: true })
  readonly orderId?: string | null

  @Field(() => [ReturnStatus], { nullable: true, description: 'Any of these.' })
  readonly status?: readonly ReturnStatus[] | null
}

@ArgsType()
export class ReturnsArgs extends PageArguments {
  @Field(() => ReturnFilter, { nullable: true })
  readonly filter?: ReturnFilter | null
}

@InputType()
export class ReturnLineInput {
  @Field(() => ID, { description: 'An `OrderLine.id` of the order.' })
  readonly lineId!: string

  @Field(() => Int)
  readonly quantity!: number
}

@InputType()
export class RequestReturnInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => ID)
  readonly orderId!: string

  @Field(() => [ReturnLineInput])
  readonly lines!: readonly ReturnLineInput[]

  @Field(() => ReturnReason)
  readonly reason!: ReturnReason

  @Field(() => String, { nullable: true })
  readonly note?: string | null
}

/** What every step of a return takes. */
@InputType()
export abstract class ReturnStepInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => ID)
  readonly returnId!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was read; refused with VERSION_CONFLICT when it has changed.'
  })
  readonly expectedVersion?: number | null
}

@InputType()
export class ApproveReturnInput extends ReturnStepInput {}

@InputType()
export class DeclineReturnInput extends ReturnStepInput {
  @Field(() => String, { nullable: true, description: 'What the buyer is told.' })
  readonly reason?: string | null
}

@InputType()
export class ReceiveReturnInput extends ReturnStepInput {}
