import { newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import { RoutedOrder } from './routed-order.ts'
import type { StockLevel } from './stock-level.ts'
import { keysOfNode, type StockNode } from './stock-node.ts'

/** The room's name in the log and in the supergraph. */
export const ROOM = 'routing'

/** One fact about an order's routing. */
export interface RoutingFact {
  readonly type: 'order.intents-detected' | 'stock.allocated' | 'stock.shortage' | 'promise.made' | 'promise.revised'
  readonly data: Readonly<Record<string, unknown>>
}

/** Says facts about one order in a row, and raises the version of its routing with each. */
export async function emitFacts(
  tx: ReaderTx,
  order: Pick<RoutedOrder, 'orderId' | 'version'>,
  keys: ScopeKeys,
  at: string,
  facts: readonly RoutingFact[]
): Promise<void> {
  const { orderId } = order
  const aggregate = { type: 'routing', id: orderId }
  facts.forEach(({ type, data }, i) => {
    const version = order.version + i + 1
    tx.emit({ id: newId('evt'), type, source: ROOM, at, aggregate, version, keys, data: { orderId, ...data } })
  })
  await tx.manager.update(RoutedOrder, { orderId }, { version: order.version + facts.length })
}

/** The fact that a source counted an article at a node. */
export function stockReported(
  level: StockLevel,
  node: StockNode,
  at: string,
  facts: { readonly backfill: boolean; readonly availableAt?: string }
): LogEvent {
  const { nodeId, sku, onHand, occurredAt, source } = level
  return {
    id: newId('evt'),
    type: 'stock.reported',
    source: ROOM,
    at,
    aggregate: { type: 'stock', id: level.id },
    version: level.version,
    keys: keysOfNode(node),
    data: { nodeId, sku, onHand, occurredAt, source, ...facts }
  }
}
