import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../platform/database/database.ts'
import type { Log, LogEvent, Position } from '../../platform/log/log.ts'
import { createLogger } from '../../platform/logger.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import { describeDatabases, orderEvent, type TestPlace } from '../support/database.ts'

const logger = createLogger('silent')

interface Row {
  readonly id: string
  readonly position: Position | null
}

async function rows({ reads }: Database): Promise<Row[]> {
  const found: { id: string; position: number | string | null }[] = await reads.query(
    'SELECT id, position FROM outbox ORDER BY seq'
  )
  return found.map(({ id, position }) => ({ id, position: position === null ? null : Number(position) }))
}

const say = (database: Database, outbox: Outbox, ...events: LogEvent[]): Promise<void> =>
  database.transaction(manager => outbox.add(manager, events))

const idsIn = async (log: Log, after = 0): Promise<string[]> =>
  (await log.read(after, 1000)).events.map(event => event.id)

/** Waits for as long as it takes until something is in the log. */
async function arrival(log: Log): Promise<void> {
  while ((await log.head()) === 0) await delay(5)
}

describeDatabases('outbox', start => {
  let place: TestPlace
  let log: Log
  let room: Database
  beforeEach(async () => {
    place = await start()
    log = await place.openLog()
    room = await place.openRoom()
  })
  afterEach(() => place[Symbol.asyncDispose]())

  test('sends what committed, says where it is, and keeps the rows with their positions', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    const [a, b, c] = [orderEvent('ord_1', 1), orderEvent('ord_1', 2), orderEvent('ord_2', 1)]
    await say(room, outbox, a, b)
    expect(await outbox.flush([a.id, b.id])).toBe(2)
    await say(room, outbox, c)
    expect(await outbox.flush([c.id])).toBe(3)
    expect(await outbox.flush([a.id])).toBe(1)
    expect(await outbox.flush([])).toBeNull()
    expect(await outbox.flush(['evt_unknown'])).toBeNull()
    expect((await log.read(0, 10)).events).toMatchObject([a, b, c])
    expect(await rows(room)).toEqual([a, b, c].map(({ id }, i) => ({ id, position: i + 1 })))
  })

  test('sends without being asked to', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    await outbox.flush([])
    const event = orderEvent('ord_1', 1)
    await say(room, outbox, event)
    await arrival(log)
    expect(await idsIn(log)).toEqual([event.id])
  })

  test('never sends a fact of a transaction that failed', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    const [kept, undone] = [orderEvent('ord_1', 1), orderEvent('ord_2', 1)]
    const failing = room.transaction(async manager => {
      await outbox.add(manager, [undone])
      outbox.nudge()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await say(room, outbox, kept)
    await outbox.flush([kept.id])
    expect(await idsIn(log)).toEqual([kept.id])
  })

  test('refuses a fact that the log could not take while its transaction can still fail', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    await expect(say(room, outbox, orderEvent('ord_1', 1, { type: 'x'.repeat(65) }))).rejects.toThrow('64 characters')
    await expect(say(room, outbox, orderEvent('ord_1', 1, { id: '' }))).rejects.toThrow('64 characters')
    expect(await rows(room)).toEqual([])
  })

  test('answers many callers at once, each with its own position', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const event = orderEvent(`ord_${i}`, 1)
        await say(room, outbox, event)
        return { id: event.id, position: await outbox.flush([event.id]) }
      })
    )
    const found = new Map((await log.read(0, 100)).events.map(event => [event.id, event.position]))
    expect(found.size).toBe(50)
    for (const { id, position } of answers) expect(position).toBe(found.get(id))
  })

  test('sends after a restart what committed before a crash', async () => {
    const unreachable: Log = { ...log, append: () => Promise.reject(new Error('the log is away')) }
    const events = Array.from({ length: 1200 }, (_, i) => orderEvent(`ord_${i % 7}`, i))
    const crashed = startOutbox({ database: room, log: unreachable, logger })
    await say(room, crashed, ...events)
    await expect(crashed.flush([])).rejects.toThrow('the log is away')
    await crashed[Symbol.asyncDispose]()
    await expect(crashed.flush([])).rejects.toThrow('closed')
    await room[Symbol.asyncDispose]()

    const reopened = await place.openRoom()
    await using outbox = startOutbox({ database: reopened, log, logger })
    expect(await outbox.flush([events[1199]?.id ?? ''])).toBe(1200)
    expect([...(await idsIn(log)), ...(await idsIn(log, 1000))]).toEqual(events.map(event => event.id))
  })

  test('sends once what was appended when a crash kept it from being marked', async () => {
    const halfway: Log = {
      ...log,
      async append(events) {
        await log.append(events)
        throw new Error('killed')
      }
    }
    const events = [orderEvent('ord_1', 1), orderEvent('ord_1', 2)]
    const crashed = startOutbox({ database: room, log: halfway, logger })
    await say(room, crashed, ...events)
    await expect(crashed.flush([])).rejects.toThrow('killed')
    await crashed[Symbol.asyncDispose]()
    expect((await rows(room)).map(row => row.position)).toEqual([null, null])

    await using outbox = startOutbox({ database: room, log, logger })
    await outbox.flush([])
    expect(await idsIn(log)).toEqual(events.map(event => event.id))
    expect((await rows(room)).map(row => row.position)).toEqual([1, 2])
  })

  test('goes on by itself when the log comes back', async () => {
    let away = true
    const shaky: Log = { ...log, append: events => (away ? Promise.reject(new Error('away')) : log.append(events)) }
    await using outbox = startOutbox({ database: room, log: shaky, logger })
    const event = orderEvent('ord_1', 1)
    await say(room, outbox, event)
    await expect(outbox.flush([event.id])).rejects.toThrow('away')
    away = false
    await arrival(log)
    expect(await outbox.flush([event.id])).toBe(1)
  })

  test('is safe with relays in several processes: nothing double, each order in its order', async () => {
    const otherLog = await place.openLog()
    const otherRoom = await place.openRoom()
    await using first = startOutbox({ database: room, log, logger })
    await using second = startOutbox({ database: otherRoom, log: otherLog, logger })
    const work = [
      { database: room, outbox: first },
      { database: otherRoom, outbox: second }
    ].flatMap((one, k) =>
      Array.from({ length: 4 }, async (_, j) => {
        for (let version = 1; version <= 10; version++) {
          const event = orderEvent(`ord_${k}_${j}`, version)
          await say(one.database, one.outbox, event)
          expect(await one.outbox.flush([event.id])).toBeGreaterThan(0)
        }
      })
    )
    await Promise.all(work)
    const { events } = await log.read(0, 1000)
    expect(events).toHaveLength(80)
    for (const orderId of new Set(events.map(event => event.aggregate.id))) {
      const told = events.filter(event => event.aggregate.id === orderId)
      expect(told.map(event => event.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }
    await Promise.all([first.flush([]), second.flush([])])
    expect((await rows(room)).map(row => row.position).sort((a, b) => Number(a) - Number(b))).toEqual(
      events.map(event => event.position)
    )
  })

  test('loses nothing to a transaction that commits after later ones, where a naive reader does', async () => {
    await using outbox = startOutbox({ database: room, log, logger })
    await outbox.flush([])
    const naive = naiveReader(room)
    const held = orderEvent('ord_held', 1)
    const later = Array.from({ length: 20 }, (_, i) => orderEvent(`ord_${i}`, 1))

    const written = gate()
    const commit = gate()
    const holding = room.transaction(async manager => {
      await outbox.add(manager, [held])
      written.open()
      await commit.opened
    })
    await written.opened
    // SQLite has one writer, so there the later ones commit later.
    const others = Promise.all(later.map(event => say(room, outbox, event)))
    if (place.dialect === 'mysql') await others
    await outbox.flush([])
    const before = { log: await idsIn(log), naive: await naive.read() }
    commit.open()
    await holding
    await others
    await outbox.flush([])
    const all = [held, ...later].map(event => event.id).sort()
    const after = { log: await idsIn(log, before.log.length), naive: await naive.read() }

    expect([...before.log, ...after.log].sort()).toEqual(all)
    const seen = [...before.naive, ...after.naive].sort()
    expect(seen).toEqual(place.dialect === 'mysql' ? all.filter(id => id !== held.id) : all)
  })

  test('sends again what the log has lost, and not what it has', async () => {
    const events = Array.from({ length: 6 }, (_, i) => orderEvent('ord_1', i + 1))
    {
      await using outbox = startOutbox({ database: room, log, logger })
      await say(room, outbox, ...events)
      await outbox.flush([])
    }
    // A log that was restored from a backup: another epoch, without its end.
    const elsewhere = await start()
    try {
      const restored = await elsewhere.openLog()
      await restored.append(events.slice(0, 4))
      await using outbox = startOutbox({ database: room, log: restored, logger })
      await outbox.flush([])
      expect(await idsIn(restored)).toEqual(events.map(event => event.id))
      expect(await outbox.flush([events[5]?.id ?? ''])).toBe(6)
    } finally {
      await elsewhere[Symbol.asyncDispose]()
    }
  })

  test('sends again what is beyond the end of the log, and forgets what the log has trimmed', async () => {
    const events = Array.from({ length: 6 }, (_, i) => orderEvent('ord_1', i + 1))
    {
      await using outbox = startOutbox({ database: room, log, logger })
      await say(room, outbox, ...events)
      await outbox.flush([])
    }
    const logRows = await place.open({ name: 'log' })
    await logRows.transaction(async manager => {
      await manager.query('DELETE FROM log_event WHERE position > 4')
      await manager.query('UPDATE log_head SET position = 4')
    })
    await log.trim(2)
    await using outbox = startOutbox({ database: room, log, logger })
    await outbox.flush([])
    expect(await idsIn(log, 2)).toEqual(events.slice(2).map(event => event.id))
    expect((await rows(room)).map(row => row.position)).toEqual([3, 4, 5, 6])
  })
})

/** Reads what is after the greatest generated number that it has seen: wrong, and kept to show that this suite notices. */
function naiveReader(database: Database) {
  let last = 0
  return {
    async read(): Promise<string[]> {
      const found: { seq: number | string; id: string }[] = await database.reads.query(
        'SELECT seq, id FROM outbox WHERE seq > ? ORDER BY seq',
        [last]
      )
      for (const { seq } of found) last = Number(seq)
      return found.map(row => row.id)
    }
  }
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}
