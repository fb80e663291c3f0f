import { Directive, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { DateTimeScalar, DurationScalar } from '../../platform/graphql/scalars.ts'

export enum MetricId {
  DATA_FRESHNESS = 'DATA_FRESHNESS',
  STATUS_CONSISTENCY = 'STATUS_CONSISTENCY',
  EXCEPTION_INTERCEPTION = 'EXCEPTION_INTERCEPTION',
  STRATEGY_COVERAGE = 'STRATEGY_COVERAGE',
  CUSTOMER_INTERVENTION = 'CUSTOMER_INTERVENTION'
}

registerEnumType(MetricId, { name: 'MetricId', description: 'The preset health metrics that are measured.' })

@ObjectType({ description: 'Where the value lies with 95 % confidence, in the metric’s unit.' })
@Directive('@owner(department: "operator")')
export class ConfidenceInterval {
  @Field(() => Float)
  readonly low!: number

  @Field(() => Float)
  readonly high!: number

  @Field(() => String, { description: '`wilson` for shares, `bootstrap` (fixed seed) for medians.' })
  readonly method!: string
}

@ObjectType({ description: 'The metric of one source, system or strategy: where to look.' })
@Directive('@owner(department: "operator")')
export class MetricPart {
  @Field(() => String)
  readonly name!: string

  @Field(() => Float)
  readonly value!: number

  @Field(() => Int)
  readonly n!: number
}

@ObjectType({
  description: 'One metric over the window. What has no data is unknown: its value and score are null, never 100.'
})
@Directive('@owner(department: "operator")')
export class Metric {
  @Field(() => MetricId)
  readonly id!: MetricId

  @Field(() => String, { description: 'What is divided by what.' })
  readonly formula!: string

  @Field(() => String, { description: '`min`, `%` or `per 100 orders`.' })
  readonly unit!: string

  @Field(() => Float, { nullable: true })
  readonly value!: number | null

  @Field(() => Int, { description: 'Cases that the value rests on.' })
  readonly n!: number

  @Field(() => ConfidenceInterval, { nullable: true })
  readonly confidenceInterval!: ConfidenceInterval | null

  @Field(() => Float, { nullable: true, description: '0 at `worst` or beyond, 100 at `target` or better.' })
  readonly score!: number | null

  @Field(() => Float, { description: 'Of the 100 points of all 23 preset metrics.' })
  readonly weight!: number

  @Field(() => Float, { nullable: true })
  readonly target!: number | null

  @Field(() => Float, { nullable: true })
  readonly worst!: number | null

  @Field(() => Float, { nullable: true, description: 'Weight × (100 − score) / 100.' })
  readonly lostPoints!: number | null

  @Field(() => String, { nullable: true, description: 'Why value or score are not known.' })
  readonly unknown!: string | null

  @Field(() => [MetricPart], { description: 'The worst first.' })
  readonly parts!: readonly MetricPart[]

  @Field(() => [String], { description: 'What a reader must know beside the number.' })
  readonly notes!: readonly string[]
}

@ObjectType({ description: 'How well orders run, in five dimensions.' })
@Directive('@owner(department: "operator")')
export class Pulse {
  @Field(() => DurationScalar)
  readonly window!: string

  @Field(() => DateTimeScalar)
  readonly from!: string

  @Field(() => DateTimeScalar)
  readonly to!: string

  @Field(() => Float, {
    nullable: true,
    description: 'Weighted mean of the scores that are known; null when none is. Read it with `coverage`.'
  })
  readonly health!: number | null

  @Field(() => Float, {
    description: 'Weight of the metrics with a score, of the 100 points of all 23: at most 0.32 here.'
  })
  readonly coverage!: number

  @Field(() => MetricId, { nullable: true, description: 'Where most points are lost.' })
  readonly weakest!: MetricId | null

  @Field(() => [Metric])
  readonly metrics!: readonly Metric[]
}
