import { Directive, Field, ObjectType } from 'type-graphql'
import { UserError } from '../../platform/graphql/user-error.ts'
import { ProductionOrder } from './production-order.ts'

@ObjectType()
@Directive('@commons')
export class AcknowledgeProductionOrderPayload {
  @Field(() => ProductionOrder, { nullable: true })
  readonly productionOrder!: ProductionOrder | null

  @Field(() => [UserError])
  readonly userErrors!: readonly UserError[]
}
