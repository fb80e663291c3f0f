import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import { UserError } from '../../platform/graphql/user-error.ts'
import { StatusReport } from './status-report.ts'

@InputType()
export class ReportStatusInput {
  @Field(() => String)
  readonly idempotencyKey!: string

  @Field(() => ID, { description: 'The system that says so, such as `wms`.' })
  readonly system!: string

  @Field(() => ID)
  readonly orderId!: string

  @Field(() => String, { description: 'In the system’s own words, or a code 0 to 4.' })
  readonly status!: string

  @Field(() => DateTimeScalar, { description: 'When the order reached it there.' })
  readonly occurredAt!: string
}

@ObjectType()
@Directive('@commons')
export class ReportStatusPayload {
  @Field(() => StatusReport, { nullable: true })
  readonly report!: StatusReport | null

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}
