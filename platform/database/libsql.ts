import type Libsql from 'libsql'

/**
 * Fits a libsql connection to TypeORM's `better-sqlite3` driver. A transaction takes the write lock when it begins,
 * because one that began with a read cannot be upgraded once somebody else has written; and parameters are passed as one
 * array, because libsql takes a single null or buffer for a set of named parameters.
 */
export function adapt(database: Libsql.Database): void {
  const prepare = database.prepare.bind(database)
  const adapted = (sql: string): Libsql.Statement => {
    const statement: Libsql.Statement = prepare(sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : sql)
    const run = statement.run.bind(statement)
    const all = statement.all.bind(statement)
    statement.run = (...parameters: unknown[]) => run(parameters)
    statement.all = (...parameters: unknown[]) => all(parameters)
    return statement
  }
  database.prepare = adapted as typeof database.prepare
}

/** Whether SQLite refused because another connection, perhaps of another process, holds a lock. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return true
  return 'driverError' in error && error.driverError !== error && isBusy(error.driverError)
}
