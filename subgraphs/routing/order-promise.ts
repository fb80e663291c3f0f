import { Directive, Field, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'

/** When the order is promised to arrive. Rows are only ever added: what was promised stays readable. */
@Entity('order_promise')
@ObjectType('Promise', { description: 'When the order is promised to arrive, and on what grounds.' })
@Directive('@owner(department: "fulfillment")')
export class OrderPromise {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @PrimaryColumn('integer')
  @Field(() => Int, { description: 'Counts from 1; each change of mind is another revision.' })
  revision!: number

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'promised_from', length: 24 })
  @Field(() => DateTimeScalar)
  promisedFrom!: string

  @Column('varchar', { name: 'promised_to', length: 24 })
  @Field(() => DateTimeScalar)
  promisedTo!: string

  @Column('simple-json')
  @Field(() => [String], {
    description:
      'What it rests on: imported, cut-off, processing, lane, production, production-estimate, wish-kept, wish-missed.'
  })
  basis!: readonly string[]

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => String, { nullable: true, description: 'The event that led to this revision.' })
  reason!: string | null

  @Column('varchar', { name: 'made_at', length: 24 })
  madeAt!: string
}
