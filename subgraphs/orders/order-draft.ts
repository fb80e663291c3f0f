import { idFrom } from '../../platform/ids.ts'
import type { Customer } from './customer.ts'
import type { OrderRow } from './order.ts'
import type { OrderLineRow } from './order-line.ts'
import { INITIAL } from './order-machine.ts'
import { type Channel, OrderStatus } from './order-status.ts'
import type { Address, FulfillmentPreferences } from './order-values.ts'

/** A customer as a channel names them. */
export interface DraftCustomer {
  readonly externalId: string
  readonly name?: string | null
  readonly phone?: string | null
  readonly region: string | null
  readonly city?: string | null
}

export interface DraftLine {
  /** The source's own id of the line, which tells a line that is there twice; its place when absent. */
  readonly externalId?: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** Minor units of the order's currency. */
  readonly unitPriceMinor: number
  readonly supplierId?: string | null
}

/** What an order is made of, whether it is submitted or imported. */
export interface OrderDraft {
  readonly company: string
  readonly channel: `${Channel}`
  readonly externalId?: string | null
  /** What people call it; made up when absent. */
  readonly number?: string | null
  readonly customer: DraftCustomer
  readonly lines: readonly DraftLine[]
  /** ISO 4217. */
  readonly currency: string
  /** Minor units; the sum of the lines when absent; null = unknown. */
  readonly totalMinor?: number | null
  readonly note?: string | null
  readonly shipTo?: Address | null
  readonly preferences?: FulfillmentPreferences | null
  /** ISO instant. */
  readonly placedAt: string
  /** Carrier id. */
  readonly carrier?: string | null
}

/** The rows of one new order. */
export interface OrderRows {
  readonly order: OrderRow
  readonly lines: readonly OrderLineRow[]
  readonly customer: Customer
}

/** The rows of a draft, at version 1 and awaiting payment. The draft has been checked, and its customer looked up. */
export function rowsOfDraft(draft: OrderDraft, id: string, customerId: string): OrderRows {
  const { company, currency } = draft
  const channel = draft.channel as Channel
  const lines = draft.lines.map((line, position) => ({
    // Of the place alone: from an id that is made of the source's, guesses of the source's can be told right or wrong.
    id: idFrom('lin', id, String(position)),
    orderId: id,
    position,
    sku: line.sku,
    name: line.name,
    quantity: line.quantity,
    unitPriceMinor: line.unitPriceMinor,
    currency,
    supplierId: line.supplierId ?? null
  }))
  const sum = lines.reduce((total, line) => total + line.quantity * line.unitPriceMinor, 0)
  const totalMinor = draft.totalMinor === undefined ? sum : draft.totalMinor
  return {
    lines,
    customer: {
      id: customerId,
      company,
      channel,
      externalId: draft.customer.externalId,
      name: draft.customer.name ?? null,
      phone: draft.customer.phone ?? null,
      region: draft.customer.region,
      city: draft.customer.city ?? null
    },
    order: {
      id,
      company,
      number: draft.number ?? idFrom('O', id).slice(0, 12).toUpperCase().replace('_', '-'),
      channel,
      externalId: draft.externalId ?? null,
      customerId,
      supplierIds: [...new Set(lines.flatMap(line => line.supplierId ?? []))],
      region: draft.customer.region,
      carrier: draft.carrier ?? null,
      totalMinor: totalMinor ?? 0,
      totalKnown: totalMinor !== null,
      currency,
      note: draft.note || null,
      shipTo: draft.shipTo ?? null,
      preferences: draft.preferences ?? null,
      placedAt: draft.placedAt,
      regions: INITIAL,
      status: OrderStatus.AWAITING_PAYMENT,
      cancelReason: null,
      version: 1,
      importHash: null
    }
  }
}
