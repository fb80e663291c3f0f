import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import Libsql from 'libsql'
import { DataSource } from 'typeorm'
import type { Database, DatabaseOptions } from './database.ts'
import { adapt, isBusy } from './libsql.ts'
import { refuseNesting } from './nesting.ts'
import { once } from './once.ts'
import { retry } from './retry.ts'
import { serial } from './serial.ts'
import { Silence } from './silence.ts'

/** Milliseconds that a statement waits for a lock of another process before it fails (semantics W7). */
const BUSY_LIMIT = 10_000

/** Opens `<dataDir>/<name>.db`, made when it is not there, and runs its migrations. */
export async function openSqlite(options: DatabaseOptions): Promise<Database> {
  await mkdir(options.dataDir, { recursive: true })
  const file = join(options.dataDir, `${options.name}.db`)
  const writer = await connect(file, options, false)
  const runner = writer.createQueryRunner()
  try {
    await migrate(writer)
    // Two connections: a read on the writing one would see what has not committed.
    const reader = await connect(file, options, true)
    const oneAtATime = serial()
    const nesting = refuseNesting(options.name)
    return {
      dialect: 'sqlite',
      reads: reader.manager,
      transaction: work =>
        nesting(() =>
          oneAtATime(async () => {
            await runner.startTransaction()
            try {
              const result = await work(runner.manager)
              await runner.commitTransaction()
              return result
            } catch (error) {
              await runner.rollbackTransaction().catch(() => {})
              throw error
            }
          })
        ),
      [Symbol.asyncDispose]: once(async () => {
        await oneAtATime(async () => {})
        await reader.destroy()
        await writer.destroy()
      })
    }
  } catch (error) {
    await writer.destroy()
    throw error
  }
}

async function connect(file: string, options: DatabaseOptions, readOnly: boolean): Promise<DataSource> {
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    // libsql waits for a lock in the event loop's own thread, so it must not wait at all.
    timeout: 0,
    prepareDatabase: (database: Libsql.Database) => prepare(database, readOnly),
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    logger: new Silence()
  })
  await source.initialize()
  const runner = source.createQueryRunner()
  const query = runner.query.bind(runner)
  runner.query = (sql: string, parameters?: unknown[], structured?: boolean) =>
    retry(() => (structured ? query(sql, parameters, true) : query(sql, parameters)), BUSY)
  return source
}

const BUSY = { when: isBusy, within: BUSY_LIMIT }

async function prepare(database: Libsql.Database, readOnly: boolean): Promise<void> {
  adapt(database)
  database.pragma('busy_timeout = 0')
  await retry(() => database.pragma('journal_mode = WAL'), BUSY)
  database.pragma('synchronous = FULL')
  if (readOnly) database.pragma('query_only = ON')
}

/** One transaction around all, so that of several processes that start at once only one migrates. */
async function migrate(writer: DataSource): Promise<void> {
  const runner = writer.createQueryRunner()
  // A table rebuilt by a migration must not cascade; the pragma does nothing inside a transaction.
  await runner.query('PRAGMA foreign_keys = OFF')
  await runner.startTransaction()
  try {
    await writer.runMigrations({ transaction: 'all' })
    await runner.commitTransaction()
  } catch (error) {
    await runner.rollbackTransaction().catch(() => {})
    throw error
  }
  await runner.query('PRAGMA foreign_keys = ON')
}
