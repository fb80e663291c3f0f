import { ArgsType, Field, Int } from 'type-graphql'
import type { PageArgs } from './connection.ts'

/** Relay's arguments of every list; a list adds its own filter and order. */
@ArgsType()
export class PageArguments implements PageArgs {
  @Field(() => Int, { nullable: true, description: 'At most 100; 20 when neither first nor last is given.' })
  readonly first?: number | null

  @Field(() => String, { nullable: true })
  readonly after?: string | null

  @Field(() => Int, { nullable: true })
  readonly last?: number | null

  @Field(() => String, { nullable: true })
  readonly before?: string | null
}
