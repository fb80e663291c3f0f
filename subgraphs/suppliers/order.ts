import { Directive, Field, ID, ObjectType } from 'type-graphql'

/** The orders room's entity, to which this room adds its production orders. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Order {
  @Field(() => ID)
  readonly id!: string
}
