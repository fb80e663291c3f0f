import { Directive, Field, Int, ObjectType } from 'type-graphql'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'

@ObjectType({ description: 'How old the stock figures of one node were when the route was decided.' })
@Directive('@owner(department: "fulfillment")')
export class RoutingInput {
  @Field(() => String)
  readonly nodeId!: string

  @Field(() => String, { description: 'The system that gave the oldest figure.' })
  readonly source!: string

  @Field(() => Int, { description: 'Seconds since the oldest figure was counted.' })
  readonly ageSeconds!: number
}

@ObjectType({ description: 'Why the order is fulfilled from where it is. Names nodes, never articles.' })
@Directive('@owner(department: "fulfillment")')
export class RoutingDecision {
  @Field(() => String, { description: 'Name and version of the strategy.' })
  readonly strategy!: string

  @Field(() => DateTimeScalar)
  readonly decidedAt!: string

  @Field(() => [String])
  readonly reasons!: readonly string[]

  @Field(() => [RoutingInput])
  readonly inputs!: readonly RoutingInput[]
}
