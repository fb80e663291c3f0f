import { Column, Entity, PrimaryColumn } from 'typeorm'
import type { RoutingDecision } from './routing-decision.ts'

/** Of an order's line, what routing needs. */
export interface RoutedLine {
  readonly lineId: string
  readonly sku: string
  readonly quantity: number
  readonly supplierId: string | null
}

export interface Shortage {
  readonly sku: string
  readonly quantity: number
  readonly supplierId: string | null
}

/** Where routing stands with an order. */
export type RoutedState = 'WAITING' | 'ROUTED' | 'CANCELLED' | 'SHIPPED'

/** Routing's own record of an order, from the log; never its note (semantics W6). */
@Entity('routed_order')
export class RoutedOrder {
  @PrimaryColumn('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 64 })
  company!: string

  @Column('varchar', { length: 16 })
  state!: RoutedState

  @Column('simple-json')
  lines!: readonly RoutedLine[]

  @Column('simple-json')
  shortages!: readonly Shortage[]

  @Column('varchar', { name: 'paid_at', length: 24, nullable: true })
  paidAt!: string | null

  @Column('simple-json', { nullable: true })
  decision!: RoutingDecision | null

  /** Counts the facts that routing has said about the order. */
  @Column('integer')
  version!: number
}

/** A supplier's word on what an order lacks. */
@Entity('production_promise')
export class ProductionPromise {
  @PrimaryColumn('varchar', { name: 'production_order_id', length: 64 })
  productionOrderId!: string

  @Column('varchar', { name: 'order_id', length: 64 })
  orderId!: string

  @Column('varchar', { length: 64 })
  sku!: string

  @Column('varchar', { name: 'promised_day', length: 10 })
  promisedDay!: string
}
