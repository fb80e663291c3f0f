/** A value of a source file: text, or what a spreadsheet knows to be a date. */
export type Cell = string | Date

/** One file of a source. */
export interface SourceFile {
  /** Its name without the directory, for people. */
  readonly name: string
  /** The mapping's name of the source. */
  readonly source: string
  readonly columns: ReadonlyMap<string, number>
}

/** One row, with the place where a person finds it. */
export interface Row {
  readonly file: SourceFile
  /** Line, or row of the sheet, from 1. */
  readonly line: number
  readonly cells: readonly Cell[]
}

/** A file as a table, whatever its format. */
export interface Table {
  readonly columns: readonly string[]
  /** Reads from the start. A row that cannot be read has a problem, and stops nothing. Throws CommandError for a file that is cut off. */
  rows(): AsyncGenerator<TableRow>
}

export interface TableRow {
  readonly line: number
  readonly cells: readonly Cell[]
  readonly problem: string | null
}

/** Why a row cannot be imported; `row` is the row to blame. */
export class BadRow extends Error {
  override readonly name = 'BadRow'
  readonly row: Row

  constructor(row: Row, reason: string) {
    super(reason)
    this.row = row
  }
}

/** The value of a column, or '' where the row has none. */
export function cellOf(row: Row, column: string): Cell {
  const cell = row.cells[row.file.columns.get(column) ?? -1] ?? ''
  return typeof cell === 'string' ? cell.trim() : cell
}
