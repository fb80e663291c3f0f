import type { LogEvent } from '../../platform/log/log.ts'
import type { SubmittedLine } from './events.ts'
import type { OrderRows } from './order-draft.ts'
import type { Product } from './product.ts'

/** The facts of order.submitted. Amounts are minor units; `total` is null when an imported order's source did not say. */
export function submittedData(
  { order, lines }: OrderRows,
  products: ReadonlyMap<string, Product>,
  origin: { readonly backfill: boolean; readonly promisedTo: string | null }
): LogEvent['data'] {
  return {
    from: null,
    to: order.status,
    lines: lines.map(
      ({ id, sku, quantity, supplierId, unitPriceMinor }): SubmittedLine => ({
        lineId: id,
        sku,
        category: products.get(sku)?.category ?? null,
        quantity,
        supplierId,
        unitPrice: unitPriceMinor
      })
    ),
    total: order.totalKnown ? order.totalMinor : null,
    currency: order.currency,
    placedAt: order.placedAt,
    hasNote: order.note !== null,
    ...(origin.promisedTo !== null && { promisedTo: origin.promisedTo }),
    backfill: origin.backfill
  }
}
