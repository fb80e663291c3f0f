import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** How many of one order line come back. A supplier sees its own lines only. */
@Entity('return_line')
@ObjectType({ description: 'How many of one order line come back.' })
@Directive('@owner(department: "service")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class ReturnLine {
  @PrimaryColumn('varchar', { name: 'return_id', length: 64 })
  returnId!: string

  @PrimaryColumn('varchar', { name: 'line_id', length: 64 })
  @Field(() => ID, { description: 'The `OrderLine.id` it is about.' })
  lineId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Index('return_line_by_supplier')
  @Column('varchar', { name: 'supplier_id', length: 64, nullable: true })
  supplierId!: string | null

  @Column('integer')
  @Field(() => Int)
  quantity!: number

  /** Computed for one caller, never stored. */
  @Field(() => Int)
  @Directive('@inaccessible')
  @Directive('@shareable')
  metScopes!: number
}
