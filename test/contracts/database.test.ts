import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Table } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { bigintNumber } from '../../platform/database/number.ts'
import { describeDatabases, sqlitePlace, type TestPlace } from '../support/database.ts'

@Entity('account')
class Account {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string

  @Column('bigint', { transformer: bigintNumber })
  balance!: number

  @Column('varchar', { length: 64, nullable: true })
  note!: string | null
}

/** An entity that no migration makes a table for. */
@Entity('forgotten')
class Forgotten {
  @PrimaryColumn('varchar', { length: 64 })
  id!: string
}

class Accounts1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'account',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'balance', type: 'bigint' },
          { name: 'note', type: 'varchar', length: '64', isNullable: true }
        ]
      })
    )
    await runner.query("INSERT INTO account (id, balance) VALUES ('first', 9007199254740991)")
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('account')
  }
}

class Broken1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO account (id, balance) VALUES ('half', 1)")
    throw new Error('the migration breaks')
  }

  async down(): Promise<void> {}
}

const TABLES = { entities: [Account, Forgotten], migrations: [Accounts1790000000000] }
const ids = async ({ reads }: Database): Promise<string[]> =>
  (await reads.find(Account, { order: { id: 'ASC' } })).map(row => row.id)

describeDatabases('database', start => {
  let place: TestPlace
  beforeEach(async () => {
    place = await start()
  })
  afterEach(() => place[Symbol.asyncDispose]())

  test('keeps concurrent transactions atomic: a row of one that fails is not there', async () => {
    const database = await place.open(TABLES)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        database.transaction(async manager => {
          await manager.insert(Account, { id: `a${i}`, balance: i, note: null })
          await delay(1)
          await manager.insert(Account, { id: `b${i}`, balance: i, note: null })
          if (i % 3 === 0) throw new Error('changes its mind')
        })
      )
    )
    expect(outcomes.filter(one => one.status === 'rejected')).toHaveLength(4)
    const kept = [1, 2, 4, 5, 7, 8, 10, 11]
    expect(await ids(database)).toEqual([...kept.map(i => `a${i}`), ...kept.map(i => `b${i}`), 'first'].sort())
  })

  test('loses no update when transactions change the same row under its lock', async () => {
    const database = await place.open(TABLES)
    const lock = place.dialect === 'mysql' ? { lock: { mode: 'pessimistic_write' as const } } : {}
    await database.transaction(manager => manager.insert(Account, { id: 'counter', balance: 0, note: null }))
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.transaction(async manager => {
          const row = await manager.findOneOrFail(Account, { where: { id: 'counter' }, ...lock })
          await delay(1)
          await manager.update(Account, { id: 'counter' }, { balance: row.balance + 1 })
        })
      )
    )
    expect(await database.reads.findOneBy(Account, { id: 'counter' })).toMatchObject({ balance: 20 })
  })

  test('never reads what has not committed', async () => {
    const database = await place.open(TABLES)
    const seen: string[][] = []
    const failing = database.transaction(async manager => {
      await manager.insert(Account, { id: 'secret', balance: 1, note: null })
      seen.push(await ids(database))
      throw new Error('never mind')
    })
    await expect(failing).rejects.toThrow('never mind')
    await database.transaction(async manager => {
      await manager.insert(Account, { id: 'open', balance: 1, note: null })
      seen.push(await ids(database))
    })
    expect(seen).toEqual([['first'], ['first']])
    expect(await ids(database)).toEqual(['first', 'open'])
  })

  test('refuses a transaction inside a transaction, and goes on afterwards', async () => {
    const database = await place.open(TABLES)
    const nested = database.transaction(() => database.transaction(async () => {}))
    await expect(nested).rejects.toThrow('inside a transaction')
    await database.transaction(manager => manager.insert(Account, { id: 'later', balance: 1, note: null }))
    expect(await ids(database)).toEqual(['first', 'later'])
  })

  test('lets what a transaction has started, and does not wait for, open its own later', async () => {
    const database = await place.open(TABLES)
    let later: Promise<unknown> = Promise.resolve()
    await database.transaction(async () => {
      later = delay(20).then(() =>
        database.transaction(manager => manager.insert(Account, { id: 'later', balance: 1, note: null }))
      )
    })
    await later
    expect(await ids(database)).toEqual(['first', 'later'])
  })

  test('runs migrations once, also when several processes start at once, and synchronises nothing', async () => {
    const databases = await Promise.all([place.open(TABLES), place.open(TABLES), place.open(TABLES)])
    for (const database of databases) expect(await ids(database)).toEqual(['first'])
    const again = await place.open(TABLES)
    expect(await ids(again)).toEqual(['first'])
    expect(await again.reads.query('SELECT name FROM migrations')).toEqual([{ name: 'Accounts1790000000000' }])
    await expect(again.reads.find(Forgotten)).rejects.toThrow(/forgotten/)
  })

  test('does not open a database whose migration fails, and takes it up again later', async () => {
    const broken = place.open({ ...TABLES, migrations: [Accounts1790000000000, Broken1790000000001] })
    await expect(broken).rejects.toThrow('the migration breaks')
    expect(await ids(await place.open(TABLES))).toEqual(['first'])
  })

  test('keeps what was committed when it is opened again', async () => {
    const database = await place.open(TABLES)
    await database.transaction(manager => manager.insert(Account, { id: 'kept', balance: 2, note: null }))
    await database[Symbol.asyncDispose]()
    expect(await ids(await place.open(TABLES))).toEqual(['first', 'kept'])
  })

  test('keeps whole numbers to the last digit, null, and text that differs in case alone', async () => {
    const database = await place.open(TABLES)
    await database.transaction(async manager => {
      await manager.insert(Account, { id: 'Case', balance: 1, note: '订单 📦' })
      await manager.insert(Account, { id: 'case', balance: 1, note: 'x' })
      await manager.query('UPDATE account SET note = ?', [null])
      await manager.query('UPDATE account SET note = ? WHERE id = ?', ['订单 📦', 'Case'])
    })
    expect(await database.reads.findOneBy(Account, { id: 'first' })).toMatchObject({ balance: 9007199254740991 })
    expect(await database.reads.findOneBy(Account, { id: 'Case' })).toMatchObject({ note: '订单 📦' })
    expect(await database.reads.findOneBy(Account, { id: 'case' })).toMatchObject({ note: null })
  })
})

describe('a SQLite file shared by processes', () => {
  test('waits for the lock of another process without holding up anything else', async () => {
    await using place = await sqlitePlace()
    const database = await place.open(TABLES)
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLD, `${place.dataDir}/test.db`], {
      stdio: ['pipe', 'pipe', 'inherit']
    })
    const exited = once(holder, 'exit')
    await once(holder.stdout, 'data')
    let committed = false
    const write = database
      .transaction(manager => manager.insert(Account, { id: 'patient', balance: 1, note: null }))
      .then(() => {
        committed = true
      })
    // Were the wait in this thread, these would not run before its end.
    for (let i = 0; i < 30; i++) await delay(5)
    expect(committed).toBe(false)
    expect(await ids(database)).toEqual(['first'])
    holder.stdin.end()
    await write
    expect(await ids(database)).toEqual(['first', 'other process', 'patient'])
    await exited
  })
})

const HOLD = `
import Database from 'libsql'
const database = new Database(process.argv[1])
database.exec('BEGIN IMMEDIATE')
database.exec("INSERT INTO account (id, balance) VALUES ('other process', 1)")
console.log('held')
process.stdin.resume().on('end', () => { database.exec('COMMIT'); database.close(); process.exit() })
`
