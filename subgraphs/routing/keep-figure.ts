import type { EntityManager } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { lockLevels } from './reserve-stock.ts'
import { StockLevel, stockLevelId } from './stock-level.ts'
import type { StockNode } from './stock-node.ts'

/** What a source counted. */
export interface Figure {
  readonly sku: string
  readonly onHand: number
  readonly source: string
  /** ISO UTC. */
  readonly occurredAt: string
}

/** The figure that stands, kept from others until the transaction ends. */
export async function lockLevel(
  manager: EntityManager,
  dialect: Database['dialect'],
  at: { readonly company: string; readonly nodeId: string; readonly sku: string }
): Promise<StockLevel | null> {
  const [level] = await lockLevels(manager, dialect, { id: stockLevelId(at.company, at.nodeId, at.sku) })
  return level ?? null
}

/** Puts a figure in the place of the one that stands; reservations stay. */
export async function keepFigure(
  manager: EntityManager,
  node: StockNode,
  known: StockLevel | null,
  { sku, onHand, source, occurredAt }: Figure,
  updatedAt: string
): Promise<StockLevel> {
  const { company, id: nodeId, region } = node
  const level = manager.create(StockLevel, {
    id: known?.id ?? stockLevelId(company, nodeId, sku),
    company,
    nodeId,
    sku,
    region,
    onHand,
    reserved: known?.reserved ?? 0,
    source,
    occurredAt,
    updatedAt,
    version: (known?.version ?? 0) + 1
  })
  const { id, version } = level
  if (known) await manager.update(StockLevel, { id }, { onHand, source, occurredAt, updatedAt, version, region })
  else await manager.insert(StockLevel, level)
  return level
}
