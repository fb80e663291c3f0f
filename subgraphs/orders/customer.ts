import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import { Channel } from './order-status.ts'

/** Who ordered, as one channel knows them: row and graph type. Personal data (semantics W6). */
@Entity('customers')
@ObjectType()
@Directive('@key(fields: "id")')
@Directive('@owner(department: "sales")')
@Directive('@scoped(by: ["channel", "customerId"])')
export class Customer {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  readonly id!: string

  @Column('varchar', { length: 64 })
  readonly company!: string

  @Column('varchar', { length: 16 })
  @Field(() => Channel)
  readonly channel!: Channel

  @Column('varchar', { name: 'external_id', length: 128 })
  @Field(() => String, { description: 'The channel’s own id of the customer.' })
  readonly externalId!: string

  @Column('varchar', { length: 255, nullable: true })
  @Field(() => String, { nullable: true })
  readonly name!: string | null

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => String, { nullable: true })
  readonly phone!: string | null

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => String, { nullable: true })
  readonly region!: string | null

  @Column('varchar', { length: 128, nullable: true })
  @Field(() => String, { nullable: true })
  readonly city!: string | null
}

/** The facts that decide who may see a customer. */
export function customerKeys({ company, channel, id }: Customer): ScopeKeys {
  return { company, orderId: null, channel, customerId: id, supplierIds: [], region: null, carrier: null }
}
