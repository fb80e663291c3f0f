import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { OrderStatus } from './order-status.ts'

/** One event of an order, kept beside it: the source of its timeline. */
@Entity('order_history')
export class OrderHistory {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  readonly orderId!: string

  @PrimaryColumn('integer')
  readonly version!: number

  @Column('varchar', { length: 24 })
  readonly at!: string

  @Column('varchar', { length: 20 })
  readonly status!: OrderStatus

  @Column('varchar', { length: 64 })
  readonly event!: string

  @Column('varchar', { length: 64 })
  readonly actor!: string
}
