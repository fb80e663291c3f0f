import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { Fault } from '../../platform/errors.ts'
import { money } from '../../platform/graphql/money.ts'
import { OrderShadow, shadowColumns } from '../../platform/scope/order-shadow.ts'
import type { RowScope } from '../../platform/scope/scope.ts'
import { scopeWhere } from '../../platform/scope/where.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { UNKNOWN } from './learn-orders.ts'
import { OrderLineFact } from './order-facts.ts'
import {
  type OrderStatistics,
  type OrderStatisticsArgs,
  type OrderStatisticsCell,
  StatisticsDimension
} from './order-statistics.ts'

/** Fewer orders than this in a cell are withheld. */
export const MINIMUM_CELL = 5

const MOST_CELLS = 10_000

/** A supplier's scope holds for its own lines: it counts them, not the whole orders that they are part of. */
const COLUMNS = { ...shadowColumns('s'), supplierIds: 'f.supplier_id' }

/** Where each dimension's value stands; nothing of the caller's text reaches the SQL. */
const EXPRESSIONS: Readonly<Record<StatisticsDimension, string>> = {
  CHANNEL: `COALESCE(s.channel, '${UNKNOWN}')`,
  REGION: `COALESCE(s.region, '${UNKNOWN}')`,
  CATEGORY: 'f.category',
  DAY: 'f.day'
}

/**
 * Orders counted by the given dimensions over whole days, as far as the caller's scopes cover them.
 * Throws Fault BAD_USER_INPUT when the days are the wrong way round, or the cells too many to be a statistic.
 */
export async function countOrders(
  reads: EntityManager,
  context: Context,
  { by: asked, from, to }: OrderStatisticsArgs
): Promise<OrderStatistics> {
  if (from > to) throw badInput(`\`from\` (${from}) is after \`to\` (${to}); exchange them.`)
  const by = [...new Set(asked)]
  const rows = await cellsQuery(reads, context, by, from, to)
    .limit(MOST_CELLS + 1)
    .getRawMany<Row>()
  if (rows.length > MOST_CELLS) {
    throw badInput(`These are more than ${MOST_CELLS} cells; ask for fewer dimensions or fewer days.`)
  }
  const shown = rows.filter(row => Number(row.orders) >= MINIMUM_CELL)
  return {
    by,
    from,
    to,
    cells: shown.map(row => cellOf(row)),
    minimumCell: MINIMUM_CELL,
    withheldCells: rows.length - shown.length,
    metScopes: metByAll(context.access.read['OrderStatistics'] ?? [])
  }
}

/** One row per cell; sums are text on MySQL. */
type Row = Readonly<Partial<Record<StatisticsDimension, string>>> & {
  readonly currency: string
  readonly orders: number | string
  readonly units: number | string
  readonly amount: number | string
}

function cellsQuery(
  reads: EntityManager,
  { access }: Context,
  by: readonly StatisticsDimension[],
  from: string,
  to: string
): SelectQueryBuilder<ObjectLiteral> {
  const { sql, parameters } = scopeWhere(access.read['OrderStatistics'], COLUMNS)
  const query = reads
    .createQueryBuilder()
    .select('f.currency', 'currency')
    .addSelect('COUNT(DISTINCT f.order_id)', 'orders')
    .addSelect('SUM(f.quantity)', 'units')
    .addSelect('SUM(f.amount)', 'amount')
    .from(OrderLineFact, 'f')
    .innerJoin(OrderShadow, 's', 's.orderId = f.orderId')
    .where('f.company = :company AND f.day BETWEEN :from AND :to', { company: access.company, from, to })
    .andWhere(sql, parameters)
  for (const dimension of by) {
    const expression = EXPRESSIONS[dimension]
    query.addSelect(expression, dimension).addGroupBy(expression).addOrderBy(expression)
  }
  return query.addGroupBy('f.currency').addOrderBy('f.currency')
}

function cellOf(row: Row): OrderStatisticsCell {
  return {
    channel: row.CHANNEL ?? null,
    region: row.REGION ?? null,
    category: row.CATEGORY ?? null,
    day: row.DAY ?? null,
    currency: row.currency,
    orders: Number(row.orders),
    units: Number(row.units),
    amount: money(Number(row.amount), row.currency)
  }
}

/**
 * An aggregate over the rows of several scopes has met a scope only when every row of it has: when the scope is the only
 * one, or holds for all rows. So a field granted for some rows never shows a sum over others (semantics K3).
 */
function metByAll(scopes: readonly RowScope[]): number {
  if (scopes.length === 1) return 1
  return scopes.reduce((bits, scope, i) => (Object.keys(scope).length === 0 ? bits | (1 << i) : bits), 0)
}

function badInput(message: string): Error {
  return new Fault('BAD_USER_INPUT', message).toGraphQL()
}
