import { Directive, Field, ObjectType } from 'type-graphql'

/** The domain says no: data, not an error (code, what to do about it, and the input field it is about). */
@ObjectType({
  description: 'A refusal: a stable code, a message in the caller’s language, and the input path it is about.'
})
@Directive('@shareable')
@Directive('@commons')
export class UserError {
  @Field(() => String)
  readonly code!: string

  @Field(() => String)
  readonly message!: string

  @Field(() => [String], { nullable: true })
  readonly path!: readonly string[] | null
}
