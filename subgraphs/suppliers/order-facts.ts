import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { bigintNumber } from '../../platform/database/number.ts'

/** One line of an order for the statistics; channel, region and the like stand in its order's shadow. */
@Entity('order_line_fact')
@Index('order_line_fact_by_day', ['company', 'day'])
export class OrderLineFact {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  /** Empty for the one row of an order without lines, which counts as an order all the same. */
  @PrimaryColumn('varchar', { name: 'line_id', length: 64 })
  lineId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'supplier_id', length: 64, nullable: true })
  supplierId!: string | null

  @Column('varchar', { length: 255 })
  category!: string

  /** The day it was placed, in the company's zone (semantics W5). */
  @Column('varchar', { length: 10 })
  day!: string

  @Column('integer')
  quantity!: number

  /** Quantity × unit price, in minor units. */
  @Column('bigint', { transformer: bigintNumber })
  amount!: number

  @Column('varchar', { length: 3 })
  currency!: string
}

/** The last promise that the customer of an order was given. */
@Entity('order_promise')
export class OrderPromise {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { name: 'promised_from', length: 24 })
  promisedFrom!: string
}
