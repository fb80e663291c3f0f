import { Column, Entity, PrimaryColumn } from 'typeorm'

const INSTANT = { length: 24, nullable: true } as const

/** What the pulse needs of one order, put together from the log. */
@Entity('order_pulse')
export class OrderPulse {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 64 })
  company!: string

  /** Happened before this system knew of it: nobody here decided anything about it. */
  @Column('boolean')
  backfill!: boolean

  @Column('varchar', { name: 'placed_at', ...INSTANT })
  placedAt!: string | null

  @Column('varchar', { name: 'paid_at', ...INSTANT })
  paidAt!: string | null

  @Column('varchar', { name: 'routed_at', ...INSTANT })
  routedAt!: string | null

  @Column('varchar', { length: 64, nullable: true })
  strategy!: string | null

  @Column('varchar', { name: 'short_at', ...INSTANT })
  shortAt!: string | null

  /** Articles that are short and that no supplier has promised yet. */
  @Column('simple-json', { name: 'open_skus' })
  openSkus!: readonly string[]

  @Column('varchar', { name: 'cleared_at', ...INSTANT })
  clearedAt!: string | null

  @Column('varchar', { name: 'shipped_at', ...INSTANT })
  shippedAt!: string | null

  @Column('varchar', { name: 'cancelled_at', ...INSTANT })
  cancelledAt!: string | null

  /** Party class of who cancelled; null when the event does not say. */
  @Column('varchar', { name: 'cancelled_by', length: 64, nullable: true })
  cancelledBy!: string | null
}

/** One status that an order of ours came to, and when. */
@Entity('order_status')
export class OrderStatusRow {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @PrimaryColumn('integer')
  version!: number

  @Column('integer')
  code!: number

  @Column('varchar', { length: 24 })
  at!: string
}

/** One message of a source system: when its fact happened, and when we could know. */
@Entity('feed_report')
export class FeedReport {
  @PrimaryColumn('varchar', { name: 'event_id', length: 64 })
  eventId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { length: 64 })
  source!: string

  @Column('varchar', { name: 'occurred_at', length: 24 })
  occurredAt!: string

  @Column('varchar', { name: 'available_at', length: 24 })
  availableAt!: string
}
