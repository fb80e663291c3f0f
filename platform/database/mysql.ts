import 'reflect-metadata'
import mysql, { type ConnectionOptions, type PoolOptions } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import type { Database, DatabaseOptions } from './database.ts'
import { refuseNesting } from './nesting.ts'
import { once } from './once.ts'
import { retry } from './retry.ts'
import { Silence } from './silence.ts'

/** Connections of each of the two pools, unless the URL says `?connections=`. */
const CONNECTIONS = 5

/** Milliseconds during which a transaction that was chosen as a deadlock's victim is tried again. */
const DEADLOCK_LIMIT = 10_000

/** Opens the schema `<prefix>_<name>` of a MySQL or MariaDB server, made when it is not there, and runs its migrations. */
export async function openMysql(options: DatabaseOptions): Promise<Database> {
  const place = parse(options)
  await createSchema(place)
  // Two pools: a transaction that waits for a read must not wait for a connection that other transactions hold.
  const writer = source(place, options)
  const reader = source(place, options)
  try {
    await writer.initialize()
    await migrate(writer, place.database)
    await reader.initialize()
  } catch (error) {
    await Promise.all([writer, reader].map(async one => one.isInitialized && one.destroy()))
    throw error
  }
  const nesting = refuseNesting(options.name)
  return {
    dialect: 'mysql',
    reads: reader.manager,
    transaction: work => nesting(() => retry(() => writer.transaction(work), DEADLOCK)),
    [Symbol.asyncDispose]: once(async () => {
      await reader.destroy()
      await writer.destroy()
    })
  }
}

const DEADLOCK = { when: isDeadlock, within: DEADLOCK_LIMIT }

/** 1213 rolls the whole transaction back, and InnoDB's answer to it is to begin again. */
function isDeadlock(error: unknown): boolean {
  return error instanceof QueryFailedError && 'errno' in error.driverError && error.driverError.errno === 1213
}

interface Place {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly connections: number
}

function parse({ url, name }: DatabaseOptions): Place {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const prefix = decodeURIComponent(pathname.slice(1))
  if (!/^\w{1,40}$/.test(prefix))
    throw new Error('a MySQL URL ends in the prefix of its schemas: mysql://user:password@host:3306/prefix')
  return {
    host: hostname,
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: `${prefix}_${name}`,
    connections: Number(searchParams.get('connections') ?? CONNECTIONS)
  }
}

async function createSchema({ database, host, port, user, password }: Place): Promise<void> {
  const connection = await createConnection({ host, port, user, password } satisfies ConnectionOptions)
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  } finally {
    await connection.end()
  }
}

function source({ host, port, user, password, database, connections }: Place, options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'mysql',
    driver: { createPool: (pool: PoolOptions) => createPool(pool) },
    host,
    port,
    username: user,
    password,
    database,
    poolSize: connections,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    logger: new Silence()
  })
}

/** READ COMMITTED: a locking read sees the latest, and gaps between rows are not locked against inserts. */
function createPool(options: PoolOptions): mysql.Pool {
  const pool = mysql.createPool(options)
  pool.on('connection', connection => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
    connection.query(
      "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'"
    )
  })
  return pool
}

/** A named lock, so that of several processes that start at once only one migrates. */
async function migrate(writer: DataSource, database: string): Promise<void> {
  const runner: QueryRunner = writer.createQueryRunner()
  const lock = `${database}:migrate`.slice(-64)
  try {
    const [row]: { locked: unknown }[] = await runner.query('SELECT GET_LOCK(?, 60) AS locked', [lock])
    if (Number(row?.locked) !== 1) throw new Error(`another process has been migrating ${database} for a minute`)
    await writer.runMigrations({ transaction: 'each' })
  } finally {
    await runner.query('SELECT RELEASE_LOCK(?)', [lock]).catch(() => {})
    await runner.release()
  }
}
