import { fingerprint } from '../../platform/idempotency/canonical.ts'
import { idFrom } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { checkDraft, checkInstant, checkText } from './check-draft.ts'
import { orderEvent, STATUS_EVENTS } from './events.ts'
import type { NewOrder } from './insert-orders.ts'
import type { OrderRow } from './order.ts'
import { type OrderDraft, orderIdOf, rowsOfDraft } from './order-draft.ts'
import { INITIAL, implied, statusOf } from './order-machine.ts'
import { OrderStatus, STATUS_CODES } from './order-status.ts'
import type { Product } from './product.ts'
import { submittedData } from './submitted-data.ts'

/** A status that an order of another system reached. */
export interface ImportedStatus {
  readonly status: `${OrderStatus}`
  /** ISO instant; null when the source does not say: it counts as reached when it is imported, for no past is made up. */
  readonly at: string | null
}

/** An order of another system with its past. */
export interface ImportedOrder extends OrderDraft {
  readonly externalId: string
  /**
   * The statuses it went through, each later in the order's life than the one before it. Steps that the source does not
   * know are left out. The first, awaiting payment at `placedAt`, may be left out too.
   */
  readonly history: readonly ImportedStatus[]
  /** ISO instant that the source promised. */
  readonly promisedTo?: string | null
  readonly cancelReason?: string | null
}

/** A checked import: rows at their last version, one event for each status. */
export interface PreparedImport extends NewOrder {
  events(products: ReadonlyMap<string, Product>): readonly LogEvent[]
}

/** The order as it will stand, or why it cannot be taken. `now` is the instant for statuses without a known time. */
export function prepareImport(imported: ImportedOrder, now: string): PreparedImport | { readonly reason: string } {
  const reason = checkDraft(imported) ?? checkFacts(imported)
  if (reason !== null) return { reason }
  const id = orderIdOf(imported.company, imported.channel, imported.externalId)
  const rows = rowsOfDraft(imported, id)
  const steps: { readonly order: OrderRow; readonly at: string }[] = []
  let regions = INITIAL
  for (const { status, at } of wholeHistory(imported)) {
    regions = implied(regions, status as OrderStatus)
    const order = { ...rows.order, regions, status: statusOf(regions), version: steps.length + 1 }
    steps.push({ order, at: at ?? now })
  }
  const last = steps.at(-1)?.order ?? rows.order
  const cancelReason = last.status === OrderStatus.CANCELLED ? (imported.cancelReason ?? null) : null
  return {
    ...rows,
    order: { ...last, cancelReason, importHash: fingerprint(imported) },
    history: steps.map(({ order: { version, status }, at }) => {
      return { orderId: id, version, at, status, event: STATUS_EVENTS[status], actor: 'import' }
    }),
    events: products =>
      steps.map(({ order, at }, i) => {
        const data =
          i === 0
            ? submittedData({ ...rows, order }, products, { backfill: true, promisedTo: imported.promisedTo ?? null })
            : { from: steps[i - 1]?.order.status ?? null, to: order.status, backfill: true }
        return orderEvent(order, STATUS_EVENTS[order.status], at, data, idFrom('evt', id, String(order.version)))
      })
  }
}

function wholeHistory({ history, placedAt }: ImportedOrder): readonly ImportedStatus[] {
  return history[0]?.status === 'AWAITING_PAYMENT'
    ? history
    : [{ status: 'AWAITING_PAYMENT', at: placedAt }, ...history]
}

function checkFacts(imported: ImportedOrder): string | null {
  const steps = wholeHistory(imported)
  for (const [i, { status, at }] of steps.entries()) {
    if (!Object.hasOwn(STATUS_CODES, status)) return `history[${i}].status ${JSON.stringify(status)} is no order status`
    const wrong = at === null ? null : checkInstant(`history[${i}].at`, at)
    if (wrong) return wrong
    const before = steps[i - 1]?.status
    if (before && STATUS_CODES[status] <= STATUS_CODES[before]) return `history goes back from ${before} to ${status}`
  }
  return (
    checkText('externalId', imported.externalId, 128) ??
    checkText('cancelReason', imported.cancelReason ?? '-', 500) ??
    (imported.promisedTo == null ? null : checkInstant('promisedTo', imported.promisedTo))
  )
}
