import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'

/** The orders room's entity, to which this room adds what other systems say of it. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Order {
  @Field(() => ID)
  readonly id!: string

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  readonly metScopes!: number
}
