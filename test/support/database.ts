import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../platform/clock.ts'
import type { Database, DatabaseOptions } from '../../platform/database/database.ts'
import { openMysql } from '../../platform/database/mysql.ts'
import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { openSqlite } from '../../platform/database/sqlite.ts'
import { newId } from '../../platform/ids.ts'
import { LOG_ENTITIES, LOG_MIGRATIONS, openDatabaseLog } from '../../platform/log/database.ts'
import type { Log, LogEvent } from '../../platform/log/log.ts'
import { dropSchemas, hasMysql, mysqlUrl } from './mysql.ts'

/** A place for databases that is gone, with all in it, when it is disposed. */
export interface TestPlace extends AsyncDisposable {
  readonly dialect: Database['dialect']
  readonly url: string
  readonly dataDir: string
  /** Opens a database; the same name again opens the same one, as another process would. */
  open(options?: Partial<Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>>): Promise<Database>
  /** Opens a database with the tables of every room. */
  openRoom(name?: string): Promise<Database>
  /** Opens the log; again: as another process would. */
  openLog(): Promise<Log>
}

/** Runs the suite over every database adapter; MySQL's half is reported as skipped where there is no server. */
export function describeDatabases(title: string, suite: (start: () => Promise<TestPlace>) => void): void {
  describe(`${title} (sqlite)`, () => suite(sqlitePlace))
  const mysql = hasMysql ? describe : describe.skip
  mysql(`${title} (mysql)`, () => suite(mysqlPlace))
}

/** A directory of SQLite files. */
export async function sqlitePlace(): Promise<TestPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'oaas-'))
  return place('sqlite', 'sqlite:', dataDir, () => rm(dataDir, { recursive: true, force: true }))
}

/** Schemas of the test server. */
export async function mysqlPlace(): Promise<TestPlace> {
  const url = await mysqlUrl('t')
  return place('mysql', url, tmpdir(), () => dropSchemas(url))
}

function place(dialect: Database['dialect'], url: string, dataDir: string, remove: () => Promise<void>): TestPlace {
  const opened: AsyncDisposable[] = []
  const open: TestPlace['open'] = async (options = {}) => {
    const all = { url, dataDir, name: 'test', entities: [], migrations: [], ...options }
    const database = await (dialect === 'mysql' ? openMysql(all) : openSqlite(all))
    opened.push(database)
    return database
  }
  return {
    dialect,
    url,
    dataDir,
    open,
    openRoom: (name = 'room') => open({ name, entities: ROOM_ENTITIES, migrations: ROOM_MIGRATIONS }),
    async openLog() {
      const database = await open({ name: 'log', entities: LOG_ENTITIES, migrations: LOG_MIGRATIONS })
      const log = await openDatabaseLog({ database, clock: systemClock })
      opened.push(log)
      return log
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened.reverse()) await one[Symbol.asyncDispose]()
      await remove()
    }
  }
}

/** A fact about an order, as a room would say it; `over` says what matters to the test. */
export function orderEvent(orderId: string, version: number, over: Partial<LogEvent> = {}): LogEvent {
  return {
    id: newId('evt'),
    type: 'order.submitted',
    source: 'orders',
    at: '2026-03-02T01:00:00.000Z',
    aggregate: { type: 'order', id: orderId },
    version,
    keys: {
      company: 'demo',
      orderId,
      channel: 'SHOP',
      customerId: 'cus_1',
      supplierIds: ['acme'],
      region: 'CN-SH',
      carrier: null
    },
    data: {},
    ...over
  }
}
