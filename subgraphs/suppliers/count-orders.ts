import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import { money } from '../../platform/graphql/money.ts'
import { groupBy } from '../../platform/group-by.ts'
import { OrderShadow, shadowColumns } from '../../platform/scope/order-shadow.ts'
import type { RowScope } from '../../platform/scope/scope.ts'
import { scopeWhere } from '../../platform/scope/where.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { dayOf } from './days.ts'
import { UNKNOWN } from './learn-orders.ts'
import { OrderLineFact } from './order-facts.ts'
import {
  type OrderStatistics,
  type OrderStatisticsArgs,
  type OrderStatisticsCell,
  StatisticsDimension
} from './order-statistics.ts'
import type { SuppliersDeps } from './suppliers-deps.ts'
import { type CountedCell, keyOf, MINIMUM_CELL, withheldOf } from './suppress-cells.ts'
import { type Months, wholeMonths } from './whole-months.ts'

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

const MONTH = 'SUBSTR(f.day, 1, 7)'

/**
 * Orders counted by the given dimensions over whole months, as far as the caller's scopes cover them. Each month is suppressed
 * by itself, and what is shown of several is a sum of what each shows: so months that overlap tell nothing more.
 * Throws Fault BAD_USER_INPUT when the days are not whole months, or the cells too many to be a statistic.
 */
export async function countOrders(
  { database, clock, zone }: Pick<SuppliersDeps, 'database' | 'clock' | 'zone'>,
  context: Context,
  { by: asked, from, to }: OrderStatisticsArgs
): Promise<OrderStatistics> {
  const months = wholeMonths(from, to, dayOf(instant(clock.now()), zone))
  const by = [...new Set(asked)]
  const raw = await cellsQuery(database.reads, context, by, months)
    .limit(MOST_CELLS + 1)
    .getRawMany<Raw>()
  if (raw.length > MOST_CELLS) {
    throw badInput(`These are more than ${MOST_CELLS} cells; ask for fewer dimensions or fewer months.`)
  }
  const rows = raw.map(row => numbers(row))
  const withheld = withheldOf(rows, by)
  const cells = [...groupBy(rows, row => keyOf(row, by)).values()]
  const shown = cells.filter(parts => !parts.some(part => withheld.has(part)))
  return {
    by,
    from,
    to,
    cells: shown.map(parts => cellOf(parts.reduce(plus))),
    minimumCell: MINIMUM_CELL,
    withheldCells: cells.length - shown.length,
    metScopes: metByAll(context.access.read['OrderStatistics'] ?? [])
  }
}

type Measure = 'orders' | 'units' | 'amount'

/** One cell in one month. */
type Row = CountedCell & Readonly<Record<Measure, number>>

/** As the database says it: sums are text on MySQL. */
type Raw = Omit<Row, Measure> & Readonly<Record<Measure, number | string>>

const numbers = (raw: Raw): Row => ({
  ...raw,
  orders: Number(raw.orders),
  units: Number(raw.units),
  amount: Number(raw.amount)
})

/** An order is of one day, so the months' orders are not the same. */
const plus = (a: Row, b: Row): Row => ({
  ...a,
  orders: a.orders + b.orders,
  units: a.units + b.units,
  amount: a.amount + b.amount
})

function cellsQuery(
  reads: EntityManager,
  { access }: Context,
  by: readonly StatisticsDimension[],
  months: Months
): SelectQueryBuilder<ObjectLiteral> {
  const { sql, parameters } = scopeWhere(access.read['OrderStatistics'], COLUMNS)
  const query = reads
    .createQueryBuilder()
    .select('f.currency', 'currency')
    .addSelect(MONTH, 'month')
    .addSelect('COUNT(DISTINCT f.order_id)', 'orders')
    .addSelect('SUM(f.quantity)', 'units')
    .addSelect('SUM(f.amount)', 'amount')
    .from(OrderLineFact, 'f')
    .innerJoin(OrderShadow, 's', 's.orderId = f.orderId')
    .where('f.company = :company AND f.day BETWEEN :first AND :last', {
      company: access.company,
      first: `${months.first}-01`,
      last: `${months.last}-31`
    })
    .andWhere(sql, parameters)
  for (const dimension of by) {
    const expression = EXPRESSIONS[dimension]
    query.addSelect(expression, dimension).addGroupBy(expression).addOrderBy(expression)
  }
  return query.addGroupBy('f.currency').addGroupBy(MONTH).addOrderBy('f.currency').addOrderBy(MONTH)
}

function cellOf(row: Row): OrderStatisticsCell {
  return {
    channel: row.CHANNEL ?? null,
    region: row.REGION ?? null,
    category: row.CATEGORY ?? null,
    day: row.DAY ?? null,
    currency: row.currency,
    orders: row.orders,
    units: row.units,
    amount: money(row.amount, row.currency)
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
