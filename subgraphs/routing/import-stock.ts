import { instant } from '../../platform/clock.ts'
import { chunks } from '../../platform/database/dialect.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import { stockReported } from './events.ts'
import { type Figure, keepFigure, lockLevel } from './keep-figure.ts'
import type { RoutingDeps } from './routing-deps.ts'
import { StockNode, StockNodeKind } from './stock-node.ts'

export interface ImportedNode {
  /** Default `demo`. */
  readonly company?: string
  readonly id: string
  readonly name: string
  readonly kind: keyof typeof StockNodeKind
  /** ISO 3166-2, such as `CN-ZJ`. */
  readonly region: string | null
}

export interface ImportedFigure extends Figure {
  /** Default `demo`. */
  readonly company?: string
  readonly nodeId: string
  /** When the figure reached the company, ISO UTC, where its source says so: a past feed was not as late as its import. */
  readonly availableAt?: string
}

export interface ImportedStock {
  readonly nodes: readonly ImportedNode[]
  readonly figures: readonly ImportedFigure[]
}

export interface StockImportResult {
  readonly nodes: number
  readonly figures: number
  /** Figures that were known already, or older than what is known. */
  readonly unchanged: number
}

const DEFAULT_COMPANY = 'demo'
/** Figures of one transaction. */
const CHUNK = 200

/** Loads nodes and their figures in bulk; the same again changes nothing. Throws when a figure's node is not known. */
export async function importStock(deps: RoutingDeps, stock: ImportedStock): Promise<StockImportResult> {
  await deps.database.transaction(async manager => {
    for (const { company = DEFAULT_COMPANY, id, name, kind, region } of stock.nodes) {
      await manager.upsert(StockNode, { company, id, name, kind: StockNodeKind[kind], region }, ['company', 'id'])
    }
  })
  let figures = 0
  for (const part of chunks(stock.figures, CHUNK)) figures += await importFigures(deps, part)
  return { nodes: stock.nodes.length, figures, unchanged: stock.figures.length - figures }
}

async function importFigures(deps: RoutingDeps, figures: readonly ImportedFigure[]): Promise<number> {
  const written = await deps.database.transaction(async manager => {
    const events: LogEvent[] = []
    for (const { company = DEFAULT_COMPANY, nodeId, availableAt, ...counted } of figures) {
      const figure = { ...counted, occurredAt: utc(counted.occurredAt) }
      const node = await manager.findOneBy(StockNode, { company, id: nodeId })
      if (!node) throw new Error(`stock of node ${nodeId} cannot be imported before the node`)
      const known = await lockLevel(manager, deps.database.dialect, { company, nodeId, sku: figure.sku })
      if (known && known.occurredAt >= figure.occurredAt) continue
      const arrived = availableAt === undefined ? null : utc(availableAt)
      const at = arrived ?? instant(deps.clock.now())
      const level = await keepFigure(manager, node, known, figure, at)
      events.push(stockReported(level, node, at, { backfill: true, ...(arrived !== null && { availableAt: arrived }) }))
    }
    if (events.length > 0) await deps.outbox.add(manager, events)
    return events.length
  })
  deps.outbox.nudge()
  return written
}

/** Stored instants are compared as text, so they are all written alike. */
function utc(text: string): string {
  const time = Date.parse(text)
  if (Number.isNaN(time))
    throw new Error(`stock cannot be imported with the time ${text}; write it like 2026-03-06T09:30:00Z`)
  return instant(time)
}
