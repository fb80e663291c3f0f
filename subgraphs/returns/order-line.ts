import { Column, Entity, PrimaryColumn } from 'typeorm'

/** What this room knows of an order's line from `order.submitted`: enough to say how much may come back. */
@Entity('order_line')
export class OrderLine {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @PrimaryColumn('varchar', { name: 'line_id', length: 64 })
  lineId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { name: 'supplier_id', length: 64, nullable: true })
  supplierId!: string | null

  @Column('integer')
  quantity!: number

  /** Asked back by returns that were neither refused nor declined; changes under this row's lock, never over `quantity`. */
  @Column('integer', { name: 'coming_back' })
  returning!: number
}
