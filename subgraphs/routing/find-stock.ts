import type { EntityManager, SelectQueryBuilder } from 'typeorm'
import { type Connection, type PageArgs, paginate } from '../../platform/graphql/connection.ts'
import { scopeWhere } from '../../platform/scope/where.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import type { InventoryFilter } from './stock-inputs.ts'
import { StockLevel } from './stock-level.ts'
import { StockNode } from './stock-node.ts'

/** One page of the figures that the caller may see, in order of their random ids. */
export function findStock(
  reads: EntityManager,
  context: Context,
  filter: InventoryFilter | null | undefined,
  args: PageArgs
): Promise<Connection<StockLevel>> {
  const visible = visibleLevels(reads, context)
  const query = visible.clone()
  for (const field of ['nodeId', 'sku', 'region'] as const) {
    const value = filter?.[field]
    if (value != null) query.andWhere(`l.${field} = :${field}`, { [field]: value })
  }
  return paginate({ query, visible, args })
}

/** One figure by id; null when there is none or the caller may not see it. */
export function levelById(reads: EntityManager, context: Context, id: string): Promise<StockLevel | null> {
  return visibleLevels(reads, context).andWhere('l.id = :id', { id }).getOne()
}

/** One node by id, gathered with the others of the tick; null when there is none or the caller may not see it. */
export function nodeById(reads: EntityManager, context: Context, id: string): Promise<StockNode | null> {
  return batched(context, 'StockNode', async ids => {
    const { sql, parameters } = scopeWhere(context.access.read['StockNode'], { region: 'n.region' })
    const nodes = await reads
      .createQueryBuilder(StockNode, 'n')
      .where('n.company = :company AND n.id IN (:...ids)', { company: context.access.company, ids })
      .andWhere(sql, parameters)
      .getMany()
    return new Map(nodes.map(node => [node.id, node]))
  })(id)
}

function visibleLevels(reads: EntityManager, { access }: Context): SelectQueryBuilder<StockLevel> {
  const { sql, parameters } = scopeWhere(access.read['StockLevel'], { region: 'l.region' })
  return reads
    .createQueryBuilder(StockLevel, 'l')
    .where('l.company = :company', { company: access.company })
    .andWhere(sql, parameters)
}
