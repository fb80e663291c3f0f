import type { ImportedStatusReport } from '../subgraphs/health/subgraph.ts'
import type { ImportedOrder } from '../subgraphs/orders/subgraph.ts'
import type { Random } from './random.ts'

const MINUTE_MS = 60_000
const DAYS = 14
const CODES = { AWAITING_PAYMENT: '0', PAID: '1', SHIPPED: '2', COMPLETED: '3', CANCELLED: '4' } as const

/** Source systems with how late they speak (minutes) and how often they miss the last step of an order. */
const SYSTEMS = [
  { system: 'erp', late: [1, 6], behind: 0.01 },
  // The warehouse's nightly batch is the demo company's weakest link, for the pulse to find.
  { system: 'wms', late: [12, 55], behind: 0.06 }
] as const

/** An order as it was imported, under the id that it got. */
export interface PastOrder {
  readonly id: string
  readonly order: ImportedOrder
}

/** What ERP and WMS said of the orders of the last two weeks before `anchor`, each status some minutes after it came true. */
export function statusFeeds(
  random: Random,
  past: readonly PastOrder[],
  anchor: number
): readonly ImportedStatusReport[] {
  const since = new Date(anchor - DAYS * 24 * 60 * MINUTE_MS).toISOString()
  return past
    .filter(({ order }) => order.placedAt >= since)
    .flatMap(order => SYSTEMS.flatMap(system => reportsOf(random, order, system)))
}

function reportsOf(
  random: Random,
  { id, order }: PastOrder,
  { system, late, behind }: (typeof SYSTEMS)[number]
): readonly ImportedStatusReport[] {
  const heard = order.history.length > 1 && random.chance(behind) ? order.history.slice(0, -1) : order.history
  return heard.flatMap(({ status, at }) =>
    at === null
      ? []
      : {
          company: order.company,
          system,
          orderId: id,
          status: CODES[status],
          occurredAt: at,
          availableAt: new Date(Date.parse(at) + random.whole(late[0], late[1]) * MINUTE_MS).toISOString()
        }
  )
}
