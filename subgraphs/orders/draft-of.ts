import { minorUnits } from '../../platform/graphql/money.ts'
import type { DraftLine, OrderDraft } from './order-draft.ts'
import type { OrderInput } from './order-inputs.ts'
import type { Product } from './product.ts'

/** The draft that a submitted order means, or why its amounts or time mean nothing. */
export function draftOf(
  input: OrderInput,
  company: string,
  products: ReadonlyMap<string, Product>,
  now: string
): OrderDraft | string {
  if (input.lines.length === 0) return 'it has no lines'
  if (input.placedAt != null && input.placedAt > now) return 'placedAt is in the future'
  const lines: DraftLine[] = []
  for (const [i, { sku, name, quantity, unitPrice, supplierId }] of input.lines.entries()) {
    const unitPriceMinor = minorUnits(unitPrice, input.currency)
    if (unitPriceMinor === null) return `lines[${i}].unitPrice has more decimals than ${input.currency}`
    lines.push({
      sku,
      name: name ?? products.get(sku)?.name ?? sku,
      quantity,
      unitPriceMinor,
      supplierId: supplierId ?? null
    })
  }
  const { customer, preferences } = input
  return {
    company,
    channel: input.channel,
    externalId: input.externalId ?? null,
    number: input.number ?? null,
    customer: { ...customer, region: customer.region ?? null },
    lines,
    currency: input.currency,
    note: input.note ?? null,
    shipTo: input.shipTo ? { ...input.shipTo } : null,
    preferences: preferences
      ? { carriers: preferences.carriers ?? [], deliverBy: preferences.deliverBy ?? null }
      : null,
    placedAt: input.placedAt ?? now
  }
}
