import { setTimeout as delay } from 'node:timers/promises'
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import type { Database } from '../../platform/database/database.ts'
import { ROOM_ENTITIES, ROOM_MIGRATIONS } from '../../platform/database/room-tables.ts'
import { Fault } from '../../platform/errors.ts'
import type { Log, Position } from '../../platform/log/log.ts'
import { type Handlers, type Reader, type ReaderOptions, startReader } from '../../platform/log/reader.ts'
import { createLogger } from '../../platform/logger.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import { OrderShadow, shadowKeys } from '../../platform/scope/order-shadow.ts'
import { describeDatabases, orderEvent, type TestPlace } from '../support/database.ts'

const logger = createLogger('silent')

/** One row for each time that an event was applied. */
class Seen1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const column = { type: 'varchar', length: '128' }
    await runner.createTable(
      new Table({
        name: 'seen',
        columns: [
          { name: 'n', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'what', ...column }
        ]
      })
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('seen')
  }
}

const note: Handlers[string] = {
  apply: (tx, event) =>
    tx.manager.query('INSERT INTO seen (what) VALUES (?)', [`${event.aggregate.id}/${event.version}`])
}

async function seen({ reads }: Database): Promise<string[]> {
  const rows: { what: string }[] = await reads.query('SELECT what FROM seen ORDER BY n')
  return rows.map(row => row.what)
}

async function offset({ reads }: Database, name = 'room'): Promise<Position> {
  const [row]: { position: number | string }[] = await reads.query(
    'SELECT position FROM reader_offset WHERE name = ?',
    [name]
  )
  return Number(row?.position ?? -1)
}

/** Waits until the reader is there; gives up only long after it should have been. */
async function reached(reader: Reader, position: Position): Promise<void> {
  for (let tries = 0; tries < 40; tries++) if (await reader.applied(position)) return
  throw new Error(`the reader stays at ${reader.position()} and should reach ${position}`)
}

const orders = (count: number) => Array.from({ length: count }, (_, i) => orderEvent(`ord_${i % 5}`, i + 1))
const names = (count: number) => Array.from({ length: count }, (_, i) => `ord_${i % 5}/${i + 1}`)

describeDatabases('reader', start => {
  let place: TestPlace
  let log: Log
  let room: Database
  let outbox: Outbox
  const openRoom = () =>
    place.open({ name: 'room', entities: ROOM_ENTITIES, migrations: [...ROOM_MIGRATIONS, Seen1790000000001] })
  const read = (handlers: Handlers, over: Partial<ReaderOptions> = {}): Reader =>
    startReader({ name: 'room', database: room, log, outbox, logger, handlers, ...over })

  beforeEach(async () => {
    place = await start()
    log = await place.openLog()
    room = await openRoom()
    outbox = startOutbox({ database: room, log, logger })
  })
  afterEach(async () => {
    await outbox[Symbol.asyncDispose]()
    await place[Symbol.asyncDispose]()
  })

  test('applies what was there and what comes, in the order of the log, and says how far it is', async () => {
    await log.append(orders(3))
    await using reader = read({ 'order.submitted': note })
    await reached(reader, 3)
    await log.append([orderEvent('ord_9', 1), orderEvent('ord_9', 2, { type: 'order.unheard-of' })])
    await reached(reader, 5)
    expect(await seen(room)).toEqual([...names(3), 'ord_9/1'])
    expect(reader.position()).toBe(5)
    expect(await offset(room)).toBe(5)
    expect(await reader.applied(5)).toBe(true)
    expect(await reader.applied(6)).toBe(false)
  })

  test('goes on behind the last applied event when it is opened again', async () => {
    await log.append(orders(4))
    {
      await using reader = read({ 'order.submitted': note })
      await reached(reader, 4)
    }
    await log.append([orderEvent('ord_9', 1)])
    await outbox[Symbol.asyncDispose]()
    await room[Symbol.asyncDispose]()
    room = await openRoom()
    outbox = startOutbox({ database: room, log, logger })
    await using reader = read({ 'order.submitted': note })
    await reached(reader, 5)
    expect(await seen(room)).toEqual([...names(4), 'ord_9/1'])
  })

  test('takes many events in one transaction when it is behind', async () => {
    await log.append(orders(1000))
    let transactions = 0
    const counted: Database = {
      ...room,
      transaction: work => {
        transactions += 1
        return room.transaction(work)
      }
    }
    await using reader = read({ 'order.submitted': note }, { database: counted })
    await reached(reader, 1000)
    expect(await seen(room)).toEqual(names(1000))
    expect(transactions).toBeLessThan(20)
  })

  test('commits effects, offset and emitted facts together, or none of them', async () => {
    await log.append(orders(3))
    let failures = 0
    const offsets: Position[] = []
    await using reader = read({
      'order.submitted': {
        async apply(tx, event) {
          await tx.manager.query('INSERT INTO seen (what) VALUES (?)', [`${event.aggregate.id}/${event.version}`])
          tx.emit(
            orderEvent('ret_1', event.version, { type: 'return.opened', aggregate: { type: 'return', id: 'ret_1' } })
          )
          if (event.version === 2 && failures < 3) {
            failures += 1
            offsets.push(await offset(room))
            throw new Error('not yet')
          }
        }
      }
    })
    await reached(reader, 3)
    await outbox.flush([])
    expect(failures).toBe(3)
    // Once with all three, then alone behind the first.
    expect(offsets).toEqual([0, 1, 1])
    expect(await seen(room)).toEqual(names(3))
    const { events } = await log.read(3, 10)
    expect(events.map(event => [event.type, event.version])).toEqual([1, 2, 3].map(i => ['return.opened', i]))
    expect(await room.reads.query('SELECT * FROM dead_letter')).toEqual([])
  })

  test('parks an event that always fails, with what was wrong, and goes on', async () => {
    const [good, poison, better] = orders(3) as [ReturnType<typeof orderEvent>, ReturnType<typeof orderEvent>, never]
    await log.append([good, poison, better])
    let tries = 0
    await using reader = read({
      'order.submitted': {
        async apply(tx, event, prepared) {
          await note.apply(tx, event, prepared)
          if (event.id !== poison.id) return
          tries += 1
          throw new Error('this cannot be')
        }
      }
    })
    await reached(reader, 3)
    expect(await seen(room)).toEqual(['ord_0/1', 'ord_2/3'])
    expect(tries).toBe(6)
    const parked: Record<string, unknown>[] = await room.reads.query('SELECT * FROM dead_letter')
    expect(parked).toMatchObject([{ reader: 'room', event_id: poison.id, type: 'order.submitted', company: 'demo' }])
    expect(parked[0]?.['error']).toMatch('this cannot be')
    expect(JSON.parse(String(parked[0]?.['body']))).toMatchObject({ ...poison, position: 2 })
  })

  test('prepares outside the transaction, and tries again when that fails', async () => {
    await log.append(orders(40))
    const asked: number[] = []
    let failures = 0
    await using reader = read({
      'order.submitted': {
        async prepare(event) {
          asked.push(event.version)
          // A transaction of its own would be refused inside another one.
          await room.transaction(async () => {})
          if (event.version === 7 && failures < 2) {
            failures += 1
            throw new Fault('SUBGRAPH_UNAVAILABLE', 'not started yet')
          }
          return `text ${event.version}`
        },
        async apply(tx, _event, prepared: string) {
          await tx.manager.query('INSERT INTO seen (what) VALUES (?)', [prepared])
        }
      }
    })
    await reached(reader, 40)
    expect(failures).toBe(2)
    expect(new Set(asked).size).toBe(40)
    expect(await seen(room)).toEqual(Array.from({ length: 40 }, (_, i) => `text ${i + 1}`))
  })

  test('applies each event once when the same reader runs in two processes', async () => {
    const otherRoom = await openRoom()
    const otherLog = await place.openLog()
    await using otherOutbox = startOutbox({ database: otherRoom, log: otherLog, logger })
    await using first = read({ 'order.submitted': note })
    await using second = read({ 'order.submitted': note }, { database: otherRoom, log: otherLog, outbox: otherOutbox })
    for (let i = 0; i < 20; i++) await log.append([orderEvent('ord_1', i + 1), orderEvent('ord_2', i + 1)])
    await reached(first, 40)
    await reached(second, 40)
    const expected = Array.from({ length: 20 }, (_, i) => [`ord_1/${i + 1}`, `ord_2/${i + 1}`]).flat()
    expect(await seen(room)).toEqual(expected)
  })

  test('applies an event once although it meets it again at another position of another epoch', async () => {
    const events = orders(30)
    await log.append(events)
    {
      await using reader = read({ 'order.submitted': note })
      await reached(reader, 30)
    }
    await using elsewhere = await start()
    const restored = await elsewhere.openLog()
    await restored.append([...events.slice(10, 20), orderEvent('ord_new', 1), ...events.slice(0, 10)])
    await using reader = read({ 'order.submitted': note }, { log: restored })
    await reached(reader, 21)
    expect(await seen(room)).toEqual([...names(30), 'ord_new/1'])
  })

  test('goes on at the oldest event when others were trimmed before it applied them', async () => {
    await log.append(orders(10))
    await log.trim(6)
    await using reader = read({ 'order.submitted': note })
    await reached(reader, 10)
    expect(await seen(room)).toEqual(names(10).slice(6))
  })

  test('keeps the scope keys of orders before the handler sees the event, newest version last', async () => {
    const keys = { ...orderEvent('ord_1', 1).keys }
    await log.append([
      orderEvent('ord_1', 1),
      orderEvent('ord_1', 2, {
        type: 'order.shipped',
        keys: { ...keys, carrier: 'sf', supplierIds: ['acme', 'bolt'] }
      }),
      orderEvent('ord_1', 1, { type: 'order.echo', keys: { ...keys, carrier: 'old', supplierIds: [] } }),
      orderEvent('ord_2', 1, { keys: { ...keys, orderId: 'ord_2', supplierIds: [] } }),
      orderEvent('ret_1', 9, {
        type: 'return.opened',
        aggregate: { type: 'return', id: 'ret_1' },
        keys: { ...keys, carrier: 'not of an order' }
      })
    ])
    const carriers: (string | null | undefined)[] = []
    await using reader = read({
      'order.shipped': {
        async apply({ manager }) {
          carriers.push((await manager.findOneBy(OrderShadow, { orderId: 'ord_1' }))?.carrier)
        }
      }
    })
    await reached(reader, 5)
    expect(carriers).toEqual(['sf'])
    const found = await shadowKeys(room.reads, ['ord_1', 'ord_2'])
    expect(found.get('ord_1')).toEqual({ ...keys, carrier: 'sf', supplierIds: ['acme', 'bolt'] })
    expect(found.get('ord_2')).toMatchObject({ supplierIds: [], channel: 'SHOP' })

    await log.append([orderEvent('ord_1', 3, { keys: { ...keys, carrier: null, supplierIds: ['bolt', 'clip'] } })])
    await reached(reader, 6)
    const changed = await shadowKeys(room.reads, ['ord_1'])
    expect(changed.get('ord_1')).toEqual({ ...keys, carrier: null, supplierIds: ['bolt', 'clip'] })
    expect(await room.reads.findOneBy(OrderShadow, { orderId: 'ord_1' })).toMatchObject({ version: 3 })
  })

  test('keeps no scope keys where the room does so itself', async () => {
    await log.append(orders(2))
    await using reader = read({ 'order.submitted': note }, { shadow: false })
    await reached(reader, 2)
    expect(await room.reads.count(OrderShadow)).toBe(0)
    expect(await seen(room)).toEqual(names(2))
  })

  test('waits for a log that is away, and applies then what it missed', async () => {
    let away = true
    const shaky: Log = { ...log, trimmed: () => (away ? Promise.reject(new Error('away')) : log.trimmed()) }
    await log.append(orders(2))
    await using reader = read({ 'order.submitted': note }, { log: shaky })
    await delay(20)
    expect(await seen(room)).toEqual([])
    away = false
    await reached(reader, 2)
    expect(await seen(room)).toEqual(names(2))
  })

  test('stops between two tries when it is disposed, and takes the event up again later', async () => {
    await log.append(orders(1))
    const reader = read({ 'order.submitted': { apply: () => Promise.reject(new Fault('TIMEOUT', 'later')) } })
    await delay(50)
    await reader[Symbol.asyncDispose]()
    expect(await offset(room)).toBe(0)
    await using again = read({ 'order.submitted': note })
    await reached(again, 1)
    expect(await seen(room)).toEqual(names(1))
  })
})
