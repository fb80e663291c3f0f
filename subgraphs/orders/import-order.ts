import { fingerprint } from '../../platform/idempotency/canonical.ts'
import { idFrom, newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { checkDraft, checkInstant, checkText } from './check-draft.ts'
import { orderEvent, STATUS_EVENTS } from './events.ts'
import type { NewOrder } from './insert-orders.ts'
import type { OrderRow } from './order.ts'
import { type DraftCustomer, type OrderDraft, rowsOfDraft } from './order-draft.ts'
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

/** A customer of another system. */
export interface ImportedCustomer extends DraftCustomer {
  /**
   * The public id that the customer gets when they are new: for data whose ids must be known beforehand, such as a demo's
   * consumers. Random when absent, as it should be for people (semantics K6).
   */
  readonly id?: string
}

/** An order of another system with its past. */
export interface ImportedOrder extends OrderDraft {
  readonly externalId: string
  readonly customer: ImportedCustomer
  /**
   * The statuses it went through, each later in the order's life than the one before it. Steps that the source does not
   * know are left out. The first, awaiting payment at `placedAt`, may be left out too.
   */
  readonly history: readonly ImportedStatus[]
  /** ISO instant that the source promised. */
  readonly promisedTo?: string | null
  readonly cancelReason?: string | null
}

/** An import as it will be written: rows at their last version, one event for each status. */
export interface PreparedImport extends NewOrder {
  events(products: ReadonlyMap<string, Product>): readonly LogEvent[]
}

/** Why the order cannot be taken, in words that say what to correct; null when it can. */
export function checkImport(imported: ImportedOrder): string | null {
  return checkDraft(imported) ?? checkFacts(imported)
}

/** The same facts have the same hash: it tells whether an order that is here was imported as it is now. */
export function importHashOf(imported: ImportedOrder): string {
  return fingerprint(imported)
}

/** A new order as it will stand. It has been checked. `now` is the instant for statuses without a known time. */
export function prepareImport(imported: ImportedOrder, customerId: string, now: string): PreparedImport {
  const id = newId('ord')
  const rows = rowsOfDraft(imported, id, customerId)
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
    order: { ...last, cancelReason, importHash: importHashOf(imported) },
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
    checkText('customer.id', imported.customer.id ?? '-', 64) ??
    checkText('cancelReason', imported.cancelReason ?? '-', 500) ??
    (imported.promisedTo == null ? null : checkInstant('promisedTo', imported.promisedTo))
  )
}
