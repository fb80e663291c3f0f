import type { QueryRunner } from 'typeorm'
import type { Database } from './database.ts'

/** Column types that have no common name. */
export interface ColumnTypes {
  /** A generated key that is never used twice. */
  readonly serial: 'integer' | 'bigint'
  /** Text longer than 64 KiB. */
  readonly longText: 'text' | 'mediumtext'
}

/** Column types of the database that a migration runs on. */
export function columnTypes(runner: QueryRunner): ColumnTypes {
  return dialectOf(runner) === 'mysql'
    ? { serial: 'bigint', longText: 'mediumtext' }
    : { serial: 'integer', longText: 'text' }
}

/** Start of an INSERT that leaves a row which is already there as it is. */
export function insertIgnore(dialect: Database['dialect']): string {
  return dialect === 'mysql' ? 'INSERT IGNORE INTO' : 'INSERT OR IGNORE INTO'
}

/** End of a SELECT whose row nobody else may change before the transaction ends; SQLite has one writer anyway. */
export function forUpdate(dialect: Database['dialect']): string {
  return dialect === 'mysql' ? ' FOR UPDATE' : ''
}

/** `(?,?),(?,?)` for the rows of one INSERT. */
export function rowsOf(rows: number, columns: number): string {
  const row = `(${places(columns)})`
  return Array.from({ length: rows }, () => row).join(',')
}

/** `?,?,?` for an IN list. */
export function places(count: number): string {
  return Array.from({ length: count }, () => '?').join(',')
}

/** Pieces of at most `size`, because a statement takes only so many parameters. */
export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size)
}

function dialectOf(runner: QueryRunner): Database['dialect'] {
  return runner.dataSource.options.type === 'mysql' ? 'mysql' : 'sqlite'
}
