import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import type { ScopeKeys } from '../../platform/scope/scope.ts'

/** The order as this room knows it: a key, and who may see it. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Order {
  @Field(() => ID)
  readonly id!: string

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  readonly metScopes!: number

  /** Null when the caller may not see the order, or this room has not heard of it: then there is nothing to show. */
  readonly keys!: ScopeKeys | null
}
