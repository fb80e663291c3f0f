import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { DateTimeScalar } from '../../platform/graphql/scalars.ts'
import { idFrom } from '../../platform/ids.ts'

/** How much of one article one node has, by whom and when that was said. */
@Entity('stock_level')
@ObjectType({ description: 'How much of one article one node has, and how old that figure is.' })
@Directive('@owner(department: "fulfillment")')
@Directive('@scoped(by: ["region"])')
export class StockLevel {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'node_id', length: 64 })
  nodeId!: string

  @Column('varchar', { length: 64 })
  @Field(() => String)
  sku!: string

  /** The node's region, repeated here so that a row carries its scope key. */
  @Column('varchar', { length: 64, nullable: true })
  region!: string | null

  @Column('integer', { name: 'on_hand' })
  @Field(() => Int, { description: 'As its source last counted, less what was shipped since.' })
  onHand!: number

  @Column('integer')
  @Field(() => Int, { description: 'Promised to paid orders and not shipped yet.' })
  reserved!: number

  @Column('varchar', { length: 64 })
  @Field(() => String, { description: 'The system that said so.' })
  source!: string

  @Column('varchar', { name: 'occurred_at', length: 24 })
  @Field(() => DateTimeScalar, { description: 'When the source counted.' })
  occurredAt!: string

  @Column('varchar', { name: 'updated_at', length: 24 })
  @Field(() => DateTimeScalar, { description: 'When the figure arrived here.' })
  updatedAt!: string

  @Column('integer')
  @Field(() => Int, { description: 'Send it back as `expectedVersion`.' })
  version!: number

  @Field(() => Int, { description: 'On hand less reserved; below zero when a count fell under what is promised.' })
  get available(): number {
    return this.onHand - this.reserved
  }
}

/** The one id of an article at a node. */
export function stockLevelId(company: string, nodeId: string, sku: string): string {
  return idFrom('stk', company, nodeId, sku)
}
