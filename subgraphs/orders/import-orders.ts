import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { chunks } from '../../platform/database/dialect.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { findCustomers } from './find-customers.ts'
import { productsBySku } from './find-products.ts'
import { findTaken } from './find-taken.ts'
import { checkImport, type ImportedOrder, importHashOf, type PreparedImport, prepareImport } from './import-order.ts'
import { insertOrders } from './insert-orders.ts'
import type { OrdersDeps } from './orders-deps.ts'
import { refusedBy } from './refused-by.ts'

/** What became of one order of a batch. */
export type ImportResult =
  | { readonly outcome: 'imported' | 'unchanged'; readonly id: string }
  | { readonly outcome: 'rejected'; readonly reason: string }

/** Orders of one transaction. */
const TOGETHER = 100

type Result = readonly [index: number, result: ImportResult]

interface Candidate {
  readonly index: number
  readonly imported: ImportedOrder
}

/**
 * Takes in orders of other systems, many to a transaction; the results stand in the order of the batch. A bad order
 * fails alone. An order that is here with the same facts is unchanged, with other facts rejected.
 */
export async function importOrders(
  deps: OrdersDeps,
  batch: readonly ImportedOrder[]
): Promise<readonly ImportResult[]> {
  const results = new Map<number, ImportResult>()
  const now = instant(deps.clock.now())
  const candidates: Candidate[] = []
  for (const [index, imported] of batch.entries()) {
    const reason = checkImport(imported)
    if (reason !== null) results.set(index, { outcome: 'rejected', reason })
    else candidates.push({ index, imported })
  }
  for (const together of chunks(candidates, TOGETHER)) {
    for (const [index, result] of await importTogether(deps, together, now)) results.set(index, result)
  }
  deps.outbox.nudge()
  return batch.map((_, index) => results.get(index) ?? { outcome: 'rejected', reason: 'was not looked at' })
}

/**
 * One transaction. When the database refuses a row of it, each order again in one of its own, and that once more: an
 * import that runs at the same time may have been first, and then a second look finds the order.
 */
async function importTogether(
  deps: OrdersDeps,
  candidates: readonly Candidate[],
  now: string,
  lastTry = false
): Promise<readonly Result[]> {
  try {
    return await deps.database.transaction(manager => insertNew(deps, manager, candidates, now))
  } catch (error) {
    const reason = refusedBy(error)
    if (reason === null) throw error
    if (lastTry) return candidates.map(({ index }) => [index, { outcome: 'rejected', reason }])
    const results: Result[] = []
    for (const candidate of candidates) {
      results.push(...(await importTogether(deps, [candidate], now, candidates.length === 1)))
    }
    return results
  }
}

async function insertNew(
  { outbox }: OrdersDeps,
  manager: EntityManager,
  candidates: readonly Candidate[],
  now: string
): Promise<readonly Result[]> {
  const orders = candidates.map(({ imported }) => imported)
  const taken = await findTaken(manager, orders)
  const customers = await findCustomers(manager, orders)
  const results: Result[] = []
  const fresh: PreparedImport[] = []
  for (const { index, imported } of candidates) {
    const there = taken.byExternalId(imported)
    const hash = importHashOf(imported)
    if (there?.importHash === hash) {
      results.push([index, { outcome: 'unchanged', id: there.id }])
    } else if (there) {
      const how = there.importHash === null ? 'it was submitted here' : 'it was imported with other content'
      results.push([index, { outcome: 'rejected', reason: `the order is already here: ${how}` }])
    } else if (taken.hasNumber(imported)) {
      results.push([index, { outcome: 'rejected', reason: `number ${imported.number} belongs to another order` }])
    } else {
      const prepared = prepareImport(imported, customers.of(imported), now)
      fresh.push(prepared)
      taken.add(prepared.order, prepared.order)
      results.push([index, { outcome: 'imported', id: prepared.order.id }])
    }
  }
  await insertOrders(manager, fresh, customers.known)
  await outbox.add(manager, await eventsOf(manager, fresh))
  return results
}

async function eventsOf(manager: EntityManager, orders: readonly PreparedImport[]): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = []
  for (const company of new Set(orders.map(({ order }) => order.company))) {
    const ofCompany = orders.filter(({ order }) => order.company === company)
    const products = await productsBySku(
      manager,
      company,
      ofCompany.flatMap(({ lines }) => lines.map(({ sku }) => sku))
    )
    for (const order of ofCompany) events.push(...order.events(products))
  }
  return events
}
