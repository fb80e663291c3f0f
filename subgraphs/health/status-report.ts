import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'

/** What a source system says about one order. */
@Entity('status_report')
@ObjectType({ description: 'What a source system said of an order’s status.' })
@Directive('@owner(department: "operator")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class StatusReport {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 64 })
  @Field(() => ID, { description: 'The system, such as `wms` or `erp`.' })
  system!: string

  @Column('varchar', { length: 64 })
  @Field(() => String, { description: 'In the system’s own words.' })
  status!: string

  @Column('integer', { name: 'status_code' })
  @Field(() => Int, { description: 'The same as one of our codes 0 to 4.' })
  statusCode!: number

  @Column('varchar', { name: 'occurred_at', length: 24 })
  @Field(() => DateTimeScalar)
  occurredAt!: string

  @Column('varchar', { name: 'received_at', length: 24 })
  @Field(() => DateTimeScalar)
  receivedAt!: string

  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes?: number
}
