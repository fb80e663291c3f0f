import { Directive, Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { DateScalar } from '../../platform/graphql/scalars.ts'
import { CarrierCode, IntentCode } from './intents/intent-model.ts'

registerEnumType(IntentCode, { name: 'IntentCode', description: 'What a note asks of fulfilment.' })
registerEnumType(CarrierCode, { name: 'CarrierCode', description: 'Carriers that notes name.' })

/** One wish found in an order's note: all that is kept of it (semantics W6). */
@Entity('intent')
@ObjectType({ description: 'One wish found in the order’s note; the note itself is not kept here.' })
@Directive('@owner(department: "fulfillment")')
export class Intent {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @PrimaryColumn('integer')
  ordinal!: number

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { length: 32 })
  @Field(() => IntentCode)
  code!: IntentCode

  @Column('double')
  @Field(() => Float, { description: '0 to 1: how far the evidence alone decides.' })
  confidence!: number

  @Column('simple-json')
  @Field(() => [Int], { description: 'Start and end of the evidence in UTF-16 units of the note.' })
  span!: readonly number[]

  @Column('varchar', { length: 10, nullable: true })
  @Field(() => DateScalar, { nullable: true, description: 'The day of DELIVER_BY, DELIVER_AFTER and DELIVER_ON.' })
  date!: string | null

  @Column('simple-json', { nullable: true })
  @Field(() => [CarrierCode], { nullable: true, description: 'Of PREFER_CARRIER and AVOID_CARRIER.' })
  carriers!: readonly CarrierCode[] | null

  /** Version of the model that found it. */
  @Column('varchar', { length: 32 })
  model!: string
}
