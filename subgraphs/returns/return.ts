import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import type { OrderShadow } from '../../platform/scope/order-shadow.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import { ReturnReason } from './return-reason.ts'
import { ReturnStatus } from './return-status.ts'

/** A buyer's wish to send lines of one order back, and how it goes: its own record beside the order (mission V4). */
@Entity('returns')
@ObjectType({ description: 'A request to send lines of one order back.' })
@Directive('@key(fields: "id")')
@Directive('@owner(department: "service")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class Return {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Index('returns_by_order')
  @Column('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 32 })
  @Field(() => ReturnReason)
  reason!: ReturnReason

  /** The buyer's own words: personal data, which never leaves this table but through the field (semantics W6). */
  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'The buyer’s own words.' })
  note!: string | null

  @Column('varchar', { length: 16 })
  @Field(() => ReturnStatus)
  status!: ReturnStatus

  @Column('text', { name: 'refusal_reason', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Why the order refused the return: tells something of its state.'
  })
  @Directive('@derivedFrom(fields: ["Order.status"])')
  refusalReason!: string | null

  @Column('text', { name: 'decline_reason', nullable: true })
  @Field(() => String, { nullable: true, description: 'What service told the buyer when it declined.' })
  declineReason!: string | null

  @Column('varchar', { name: 'requested_at', length: 24 })
  @Field(() => DateTimeScalar)
  requestedAt!: string

  @Column('integer')
  @Field(() => Int, { description: 'Send it back as `expectedVersion`.' })
  version!: number

  /** Joined by every read: without a shadow nobody may see the row (semantics W2). */
  shadow!: OrderShadow
}

/** What decides who may see the return: its order's keys, and of the suppliers only those whose lines come back. */
export function keysOfReturn(order: Omit<ScopeKeys, 'supplierIds'>, supplierIds: readonly string[]): ScopeKeys {
  const { company, orderId, channel, customerId, region, carrier } = order
  return { company, orderId, channel, customerId, supplierIds: [...new Set(supplierIds)].sort(), region, carrier }
}
