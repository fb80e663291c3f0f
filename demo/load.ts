import type { StartedHealth } from '../subgraphs/health/subgraph.ts'
import type { StartedOrders } from '../subgraphs/orders/subgraph.ts'
import type { StartedRouting } from '../subgraphs/routing/subgraph.ts'
import type { StartedSuppliers } from '../subgraphs/suppliers/subgraph.ts'
import { BOMS, NODES, PRODUCTS, SUPPLIERS, stockFigures } from './catalogue.ts'
import { type PastOrder, statusFeeds } from './feeds.ts'
import { COMPANY, pastOrders } from './orders.ts'
import { createRandom } from './random.ts'
import { tellStories } from './stories.ts'

/** Sends a document as the operator; its errors throw. */
export type Ask = <Data>(document: string, variables?: Readonly<Record<string, unknown>>) => Promise<Data>

export interface DemoDoors {
  readonly orders: StartedOrders
  readonly suppliers: StartedSuppliers
  readonly routing: StartedRouting
  readonly health: StartedHealth
  readonly ask: Ask
  /** Waits until every room has applied what was written. */
  settle(): Promise<void>
  progress(text: string): void
}

export const DEMO_ORDERS = 2_000
/** Orders that are placed while the demo loads, so that routing decides them and suppliers hear of them. */
const LIVE_ORDERS = 40
const SEED = 20_261_122
const BATCH = 500

/**
 * Loads the demo company up to the instant `anchor` (milliseconds). Everything has an id or key of its own, so loading
 * again after an interruption, with the same anchor, adds only what is missing.
 */
export async function loadDemoCompany(doors: DemoDoors, anchor: number): Promise<void> {
  const random = createRandom(SEED)
  await doors.suppliers.importSuppliers(SUPPLIERS, COMPANY)
  await doors.suppliers.importBoms(BOMS, COMPANY)
  await doors.orders.importProducts(
    PRODUCTS.map(({ sku, name, category, weightGrams }) => ({ company: COMPANY, sku, name, category, weightGrams }))
  )
  const figures = stockFigures(new Date(anchor).toISOString())
  await doors.routing.importStock({ nodes: NODES, figures })

  const imported: PastOrder[] = []
  const past = pastOrders(random, DEMO_ORDERS - LIVE_ORDERS, anchor)
  for (let at = 0; at < past.length; at += BATCH) {
    const batch = past.slice(at, at + BATCH)
    const results = await doors.orders.importOrders(batch)
    for (const [i, order] of batch.entries()) {
      const result = results[i]
      if (result && result.outcome !== 'rejected') imported.push({ id: result.id, order })
      else throw new Error(`a demo order was rejected: ${result?.reason ?? 'the room did not answer'}`)
    }
    doors.progress(`${at + batch.length} of ${DEMO_ORDERS} orders`)
  }
  await doors.settle()
  const feeds = await doors.health.importStatusReports(statusFeeds(random, imported, anchor))
  if (feeds.rejected[0]) throw new Error(`a demo status report was rejected: ${feeds.rejected[0].reason}`)
  doors.progress('source systems heard')
  await tellStories(doors, random, LIVE_ORDERS)
  await doors.settle()
}
