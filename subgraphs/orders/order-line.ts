import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { Column, Entity, PrimaryColumn } from 'typeorm'
import { bigintNumber } from '../../platform/database/number.ts'
import { Money, money } from '../../platform/graphql/money.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'

/** The supplier of a line; its facts are the suppliers room's. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class Supplier {
  @Field(() => ID)
  readonly id!: string
}

/** One line of an order: its row and what the graph shows of it. Its scope keys are the order's, with its own supplier. */
@Entity('order_lines')
@ObjectType()
@Directive('@owner(department: "sales")')
@Directive('@scoped(by: ["orderId", "channel", "customerId", "supplierIds", "region", "carrier"])')
export class OrderLine {
  @PrimaryColumn('varchar', { length: 64 })
  @Field(() => ID)
  readonly id!: string

  @Column('varchar', { name: 'order_id', length: 64 })
  readonly orderId!: string

  @Column('integer')
  readonly position!: number

  @Column('varchar', { length: 64 })
  @Field(() => String)
  readonly sku!: string

  @Column('varchar', { length: 255 })
  @Field(() => String)
  readonly name!: string

  @Column('integer')
  @Field(() => Int)
  readonly quantity!: number

  @Column('bigint', { name: 'unit_price_minor', transformer: bigintNumber })
  readonly unitPriceMinor!: number

  @Column('varchar', { length: 3 })
  readonly currency!: string

  @Column('varchar', { name: 'supplier_id', length: 64, nullable: true })
  readonly supplierId!: string | null

  /** Set when the line is read under its order. */
  keys!: ScopeKeys

  @Field(() => Money)
  get unitPrice(): Money {
    return money(this.unitPriceMinor, this.currency)
  }

  @Field(() => Supplier, { nullable: true })
  get supplier(): Supplier | null {
    return this.supplierId === null ? null : { id: this.supplierId }
  }
}

/** A line's row without what is computed from it. */
export type OrderLineRow = Omit<OrderLine, 'keys' | 'unitPrice' | 'supplier'>
