import type { Join } from './mapping.ts'
import { cellOf, type Row } from './rows.ts'

/** A row that belongs to orders, and what became of it. */
export interface JoinedRow {
  readonly row: Row
  /** Some order took it in. */
  joined: boolean
  /** What is wrong with the row itself: no order can take it in. */
  problem: string | null
  /** Why the last order that has it did not take it in. */
  refused: string | null
}

/** All rows of a source that is read for the sake of others, found by the columns of a join. They are kept in memory. */
export class JoinedSource {
  readonly rows: JoinedRow[] = []
  readonly #indexes = new Map<Join, Map<string, JoinedRow[]>>()

  add(row: Row, problem: string | null): void {
    this.rows.push({ row, joined: false, problem, refused: null })
  }

  /** The rows that belong to a row of the other side. */
  find(join: Join, other: Row | null): readonly JoinedRow[] {
    if (!other) return []
    const key = join.on.map(({ ours }) => cellOf(other, ours.column))
    return key.includes('') ? [] : (this.#indexOf(join).get(keyOf(key)) ?? [])
  }

  #indexOf(join: Join): Map<string, JoinedRow[]> {
    const known = this.#indexes.get(join)
    if (known) return known
    const index = new Map<string, JoinedRow[]>()
    for (const joined of this.rows) {
      const key = keyOf(join.on.map(({ theirs }) => cellOf(joined.row, theirs)))
      const group = index.get(key)
      if (group) group.push(joined)
      else index.set(key, [joined])
    }
    this.#indexes.set(join, index)
    return index
  }
}

/** What a join's columns are called, for people. */
export function describeKey(join: Join, row: Row): string {
  return join.on.map(({ theirs }) => `${theirs} ${String(cellOf(row, theirs)) || '(empty)'}`).join(', ')
}

function keyOf(values: readonly unknown[]): string {
  return values.map(String).join('\u0000')
}
