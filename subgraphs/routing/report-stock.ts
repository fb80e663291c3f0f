import { instant } from '../../platform/clock.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { stockReported } from './events.ts'
import { keepFigure, lockLevel } from './keep-figure.ts'
import { refusal } from './refusals.ts'
import type { RoutingDeps } from './routing-deps.ts'
import type { ReportStockInput } from './stock-inputs.ts'
import { keysOfNode, StockNode } from './stock-node.ts'

/** Clocks of source systems run ahead by so much, milliseconds. */
const AHEAD = 5 * 60_000

/** A source says how much of an article a node has: an absolute count, of which only the latest stands. */
export function reportStock(deps: RoutingDeps, context: Context, input: ReportStockInput): Promise<Outcome> {
  const { company, language, read, write } = context.access
  return mutate(deps, context, 'reportStock', input, async tx => {
    const { nodeId, sku, onHand, source, occurredAt } = input
    const node = await tx.manager.findOneBy(StockNode, { company, id: nodeId })
    if (!node) return no('NOT_FOUND', 'nodeId')
    const keys = keysOfNode(node)
    if (metScopes(keys, write['StockLevel']) === 0) {
      return no(metScopes(keys, read['StockNode']) === 0 ? 'NOT_FOUND' : 'OUT_OF_SCOPE', 'nodeId')
    }
    if (onHand < 0) return no('NEGATIVE_STOCK', 'onHand')
    if (!named(source)) return no('BAD_SOURCE', 'source')
    if (!named(sku)) return no('BAD_SOURCE', 'sku')
    const now = deps.clock.now()
    if (Date.parse(occurredAt) > now + AHEAD) return no('FUTURE_REPORT', 'occurredAt', { occurredAt })

    const known = await lockLevel(tx.manager, deps.database.dialect, { company, nodeId, sku })
    if (input.expectedVersion != null && input.expectedVersion !== (known?.version ?? 0))
      return no('VERSION_CONFLICT', 'expectedVersion')
    if (known && known.occurredAt > occurredAt) return no('OUTDATED_REPORT', 'occurredAt', { known: known.occurredAt })
    const at = instant(now)
    const level = await keepFigure(tx.manager, node, known, { sku, onHand, source, occurredAt }, at)
    tx.emit(stockReported(level, node, at, { backfill: false }))
    return { id: level.id, userErrors: [] }
  })

  function no(code: Parameters<typeof refusal>[0], field: string, values?: Readonly<Record<string, string>>): Outcome {
    return { id: null, userErrors: [refusal(code, language, ['input', field], values)] }
  }
}

function named(text: string): boolean {
  return text.length > 0 && text.length <= 64
}
