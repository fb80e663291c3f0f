import { Directive, Field, ObjectType } from 'type-graphql'
import { UserError } from '../../platform/graphql/user-error.ts'
import { Return } from './return.ts'

/** What every mutation of returns answers: the return as it now is, or why nothing was done. */
@ObjectType()
export abstract class ReturnPayload {
  @Field(() => Return, { nullable: true })
  readonly return!: Return | null

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}

@ObjectType()
@Directive('@commons')
export class RequestReturnPayload extends ReturnPayload {}

@ObjectType()
@Directive('@commons')
export class ApproveReturnPayload extends ReturnPayload {}

@ObjectType()
@Directive('@commons')
export class DeclineReturnPayload extends ReturnPayload {}

@ObjectType()
@Directive('@commons')
export class ReceiveReturnPayload extends ReturnPayload {}
