import { groupBy } from '../../platform/group-by.ts'
import { StatisticsDimension } from './order-statistics.ts'

/** Fewer orders than this in a cell are withheld, and so is a remainder of fewer. */
export const MINIMUM_CELL = 5

/** Fewer withheld cells than this below one total would be that total minus the others. */
const LEAST_WITHHELD = 2

/** What decides whether a cell may be shown: its orders, and what it shares with others. */
export interface CountedCell extends Readonly<Partial<Record<StatisticsDimension, string>>> {
  readonly month: string
  readonly currency: string
  readonly orders: number
}

/**
 * The cells of one answer that must not be shown: the small ones, and of the others the smallest, until no total that the
 * caller can ask for (over fewer of the same dimensions, in one month and currency) minus what is shown tells of a single
 * cell or of fewer orders than the minimum.
 */
export function withheldOf<Cell extends CountedCell>(
  cells: readonly Cell[],
  by: readonly StatisticsDimension[]
): ReadonlySet<Cell> {
  const withheld = new Set(cells.filter(cell => cell.orders < MINIMUM_CELL))
  const tables = properSubsets(by).flatMap(shared => [
    ...groupBy(cells, cell => cell.month + keyOf(cell, shared)).values()
  ])
  for (let before = -1; before < withheld.size; ) {
    before = withheld.size
    for (const table of tables) complement(table, by, withheld)
  }
  return withheld
}

/** Its values of the given dimensions, with its currency, as one text: cells that agree in all are one. */
export function keyOf(cell: CountedCell, by: readonly StatisticsDimension[]): string {
  return JSON.stringify([cell.currency, ...by.map(dimension => cell[dimension] ?? null)])
}

/** Withholds more of the cells below one total, the smallest first, until the withheld hide each other. */
function complement<Cell extends CountedCell>(
  table: readonly Cell[],
  by: readonly StatisticsDimension[],
  withheld: Set<Cell>
): void {
  const hidden = table.filter(cell => withheld.has(cell))
  if (hidden.length === 0) return
  const shown = table.filter(cell => !withheld.has(cell)).sort((a, b) => a.orders - b.orders)
  for (const next of shown) {
    if (hidden.length >= LEAST_WITHHELD && ordersAtLeast(hidden, by) >= MINIMUM_CELL) return
    withheld.add(next)
    hidden.push(next)
  }
}

/** Orders in these cells together; one with lines in several categories stands in several, and counts once. */
function ordersAtLeast(cells: readonly CountedCell[], by: readonly StatisticsDimension[]): number {
  const disjoint = by.filter(dimension => dimension !== StatisticsDimension.CATEGORY)
  const counts = [...groupBy(cells, cell => keyOf(cell, disjoint)).values()]
  return counts.reduce((sum, same) => sum + Math.max(...same.map(cell => cell.orders)), 0)
}

/** Every choice of some of the items, but not of all. */
function properSubsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const subsets: (readonly Item[])[] = [[]]
  for (const item of items) subsets.push(...subsets.map(set => [...set, item]))
  return subsets.filter(set => set.length < items.length)
}
