import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { ScopeKeys } from '../../platform/scope/scope.ts'

export enum StockNodeKind {
  WAREHOUSE = 'WAREHOUSE',
  STORE = 'STORE'
}

registerEnumType(StockNodeKind, { name: 'StockNodeKind' })

/** A place that holds stock. */
@Entity('stock_node')
@ObjectType({ description: 'A place that holds stock: a warehouse or a store.' })
@Directive('@key(fields: "id")')
@Directive('@owner(department: "fulfillment")')
@Directive('@scoped(by: ["region"])')
export class StockNode {
  @PrimaryColumn('varchar', { length: 64 })
  company!: string

  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  id!: string

  @Column('varchar', { length: 255 })
  @Field(() => String)
  name!: string

  @Column('varchar', { length: 16 })
  @Field(() => StockNodeKind)
  kind!: StockNodeKind

  @Column('varchar', { length: 64, nullable: true })
  @Field(() => String, { nullable: true })
  region!: string | null
}

/** The facts that decide who may see a node and its stock. */
export function keysOfNode({ company, region }: Pick<StockNode, 'company' | 'region'>): ScopeKeys {
  return { company, orderId: null, channel: null, customerId: null, supplierIds: [], region, carrier: null }
}
