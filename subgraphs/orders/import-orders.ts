import { type EntityManager, In } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { chunks } from '../../platform/database/dialect.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { productsBySku } from './find-products.ts'
import { type ImportedOrder, type PreparedImport, prepareImport } from './import-order.ts'
import { insertOrders } from './insert-orders.ts'
import { Order } from './order.ts'
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
  readonly prepared: PreparedImport
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
    const prepared = prepareImport(imported, now)
    if ('reason' in prepared) results.set(index, { outcome: 'rejected', reason: prepared.reason })
    else candidates.push({ index, prepared })
  }
  for (const together of chunks(candidates, TOGETHER)) {
    for (const [index, result] of await importTogether(deps, together)) results.set(index, result)
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
  lastTry = false
): Promise<readonly Result[]> {
  try {
    return await deps.database.transaction(manager => insertNew(deps, manager, candidates))
  } catch (error) {
    const reason = refusedBy(error)
    if (reason === null) throw error
    if (lastTry) return candidates.map(({ index }) => [index, { outcome: 'rejected', reason }])
    const results: Result[] = []
    for (const candidate of candidates) {
      results.push(...(await importTogether(deps, [candidate], candidates.length === 1)))
    }
    return results
  }
}

async function insertNew(
  { outbox }: OrdersDeps,
  manager: EntityManager,
  candidates: readonly Candidate[]
): Promise<readonly Result[]> {
  const known = await knownOrders(manager, candidates)
  const results: Result[] = []
  const fresh: PreparedImport[] = []
  for (const { index, prepared } of candidates) {
    const { id, company, number, importHash } = prepared.order
    const hash = known.hashes.get(id)
    if (hash === undefined && known.numbers.has(`${company} ${number}`)) {
      results.push([index, { outcome: 'rejected', reason: `number ${number} belongs to another order` }])
    } else if (hash === undefined) {
      fresh.push(prepared)
      known.hashes.set(id, importHash)
      known.numbers.add(`${company} ${number}`)
      results.push([index, { outcome: 'imported', id }])
    } else if (hash === importHash) {
      results.push([index, { outcome: 'unchanged', id }])
    } else {
      const how = hash === null ? 'it was submitted here' : 'it was imported with other content'
      results.push([index, { outcome: 'rejected', reason: `the order is already here: ${how}` }])
    }
  }
  await insertOrders(manager, fresh)
  await outbox.add(manager, await eventsOf(manager, fresh))
  return results
}

async function knownOrders(manager: EntityManager, candidates: readonly Candidate[]) {
  const orders = candidates.map(({ prepared }) => prepared.order)
  const there = await manager.find(Order, {
    where: [{ id: In(orders.map(({ id }) => id)) }, { number: In(orders.map(({ number }) => number)) }],
    select: { id: true, company: true, number: true, importHash: true }
  })
  return {
    hashes: new Map(there.map(({ id, importHash }) => [id, importHash])),
    numbers: new Set(there.map(({ company, number }) => `${company} ${number}`))
  }
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
