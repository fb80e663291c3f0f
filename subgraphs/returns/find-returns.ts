import { type EntityManager, In, type SelectQueryBuilder } from 'typeorm'
import { groupBy } from '../../platform/group-by.ts'
import { OrderShadow, shadowColumns } from '../../platform/scope/order-shadow.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import { type ScopeColumns, scopeWhere } from '../../platform/scope/where.ts'
import { batched } from '../../platform/subgraph/batch.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { keysOfReturn, Return } from './return.ts'
import { ReturnLine } from './return-line.ts'

const COLUMNS: ScopeColumns = {
  ...shadowColumns('s'),
  supplierIds: { exists: 'SELECT 1 FROM return_line rl WHERE rl.return_id = r.id AND rl.supplier_id' }
}

/** The returns that the caller may see, as alias `r`. */
export function visibleReturns(reads: EntityManager, { access }: Context): SelectQueryBuilder<Return> {
  const { sql, parameters } = scopeWhere(access.read['Return'], COLUMNS)
  return reads
    .createQueryBuilder(Return, 'r')
    .innerJoinAndMapOne('r.shadow', OrderShadow, 's', 's.orderId = r.orderId')
    .where('r.company = :company', { company: access.company })
    .andWhere(sql, parameters)
}

/** One return by id, gathered with the others of the tick; null when there is none or the caller may not see it. */
export function returnById(reads: EntityManager, context: Context, id: string): Promise<Return | null> {
  return batched(context, 'Return', async ids => {
    const rows = await visibleReturns(reads, context).andWhere('r.id IN (:...ids)', { ids }).getMany()
    return new Map(rows.map(row => [row.id, row]))
  })(id)
}

/** An order's visible returns, the oldest first. */
export async function returnsOfOrder(
  reads: EntityManager,
  context: Context,
  orderId: string
): Promise<readonly Return[]> {
  const load = batched<readonly Return[]>(context, 'Order.returns', async ids => {
    const rows = await visibleReturns(reads, context)
      .andWhere('r.order_id IN (:...ids)', { ids })
      .orderBy('r.requestedAt')
      .addOrderBy('r.id')
      .getMany()
    return groupBy(rows, row => row.orderId)
  })
  return (await load(orderId)) ?? []
}

/** All lines of a return, whoever asks: for decisions, not for answers. */
export async function linesOfReturn(
  reads: EntityManager,
  context: Context,
  id: string
): Promise<readonly ReturnLine[]> {
  const load = batched<readonly ReturnLine[]>(context, 'Return.lines', async ids => {
    const rows = await reads.find(ReturnLine, { where: { returnId: In([...ids]) }, order: { lineId: 'ASC' } })
    return groupBy(rows, row => row.returnId)
  })
  return (await load(id)) ?? []
}

/** Bits of `access.read.ReturnLine` that one line meets: a supplier's line is its own, not the whole return's. */
export function metByLine({ access }: Context, row: Return, line: ReturnLine): number {
  const keys = keysOfReturn(row.shadow, line.supplierId === null ? [] : [line.supplierId])
  return metScopes(keys, access.read['ReturnLine'])
}
