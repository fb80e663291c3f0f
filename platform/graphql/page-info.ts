import { Directive, Field, ObjectType } from 'type-graphql'

@ObjectType({ description: 'Relay page information.' })
@Directive('@shareable')
@Directive('@commons')
export class PageInfo {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean

  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean

  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null

  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null
}
