import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../platform/errors.ts'
import type { Log, LogFilter, Position, SequencedEvent } from '../../platform/log/log.ts'
import { tail } from '../../platform/log/tail.ts'
import { describeDatabases, orderEvent, type TestPlace } from '../support/database.ts'

const events = (count: number, orderId = 'ord_1') => Array.from({ length: count }, (_, i) => orderEvent(orderId, i + 1))

async function readAll(log: Log, after: Position, limit: number, filter?: LogFilter): Promise<SequencedEvent[]> {
  const all: SequencedEvent[] = []
  for (let position = after; ; ) {
    const page = await log.read(position, limit, filter)
    all.push(...page.events)
    if (page.upTo <= position) return all
    position = page.upTo
  }
}

describeDatabases('log', start => {
  let place: TestPlace
  let log: Log
  beforeEach(async () => {
    place = await start()
    log = await place.openLog()
  })
  afterEach(() => place[Symbol.asyncDispose]())

  test('gives dense positions from 1 in the order of the append, and reads the facts back whole', async () => {
    const said = events(3)
    expect(await log.head()).toBe(0)
    expect(await log.append(said)).toEqual([1, 2, 3])
    expect(await log.append([])).toEqual([])
    expect(await log.head()).toBe(3)
    const page = await log.read(0, 10)
    expect(page.upTo).toBe(3)
    expect(page.events.map(({ position: _, recordedAt: __, ...event }) => event)).toEqual(said)
    expect(page.events.map(event => event.position)).toEqual([1, 2, 3])
    for (const event of page.events) expect(new Date(event.recordedAt).toISOString()).toBe(event.recordedAt)
  })

  test('keeps the position of a fact that is already there, also twice in one append', async () => {
    const [a, b, c] = [orderEvent('ord_1', 1), orderEvent('ord_1', 2), orderEvent('ord_1', 3)]
    await log.append([a, b])
    expect(await log.append([b, c, a, c])).toEqual([2, 3, 1, 3])
    expect(await log.head()).toBe(3)
    expect((await log.read(0, 10)).events.map(event => event.id)).toEqual([a.id, b.id, c.id])
  })

  test('takes an append that is larger than one statement', async () => {
    const positions = await log.append(events(1234))
    expect(positions).toEqual(Array.from({ length: 1234 }, (_, i) => i + 1))
    expect((await readAll(log, 0, 500)).map(event => event.version)).toEqual(positions)
  })

  test('puts appenders of several processes one behind the other, without gap or double', async () => {
    const other = await place.openLog()
    const shared = events(5, 'ord_shared')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? log : other).append([...events(3, `ord_${i}`), ...shared]))
    )
    expect(await log.head()).toBe(65)
    expect((await readAll(log, 0, 7)).map(event => event.position)).toEqual(Array.from({ length: 65 }, (_, i) => i + 1))
    const places = new Set(answers.map(positions => positions.slice(3).join()))
    expect(places.size).toBe(1)
    for (const positions of answers)
      expect(positions.slice(0, 3)).toEqual([...positions.slice(0, 3)].sort((a, b) => a - b))
  })

  test('never uses a position again after it was trimmed and opened again', async () => {
    await log.append(events(4))
    await log.trim(99)
    expect(await log.trimmed()).toBe(4)
    const again = await place.openLog()
    expect(again.epoch).toBe(log.epoch)
    expect(await again.append(events(1, 'ord_2'))).toEqual([5])
    expect((await again.read(4, 10)).events.map(event => event.position)).toEqual([5])
  })

  test('has an epoch of its own', async () => {
    await using elsewhere = await start()
    expect((await elsewhere.openLog()).epoch).not.toBe(log.epoch)
  })

  test('refuses to read what was trimmed and names the oldest position, whatever the filter', async () => {
    await log.append(events(10))
    await log.trim(6)
    await log.trim(3)
    expect(await log.trimmed()).toBe(6)
    for (const filter of [undefined, { orderId: 'ord_1' }, { types: ['order.submitted'] }, { types: ['never'] }]) {
      for (const after of [0, 5]) {
        const fault = await log.read(after, 10, filter).catch((error: unknown) => error)
        expect(fault).toBeInstanceOf(Fault)
        expect(fault).toMatchObject({ code: 'CURSOR_EXPIRED', details: { oldest: 6 } })
      }
      expect((await log.read(6, 10, filter)).upTo).toBe(10)
    }
    await log.trim(10)
    expect((await log.read(10, 10)).events).toEqual([])
    await expect(log.read(9, 10)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })

  test('a reader at the retention edge gets whole pages or is refused, never a gap', async () => {
    await log.append(events(600))
    const seen: Position[] = []
    const read = async (): Promise<void> => {
      for (let after = 0; after < 600; ) {
        const page = await log.read(after, 20)
        seen.push(...page.events.map(event => event.position))
        after = page.upTo
      }
    }
    const cut = async (): Promise<void> => {
      for (let upTo = 0; upTo < 600; upTo += 30) await log.trim(upTo)
    }
    const [reading] = await Promise.allSettled([read(), cut()])
    if (reading.status === 'rejected') expect(reading.reason).toMatchObject({ code: 'CURSOR_EXPIRED' })
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 1))
  })

  test('filters by order and by types, keeps the order of positions, and says how far it has looked', async () => {
    const types = ['order.submitted', 'order.paid', 'order.shipped']
    await log.append(Array.from({ length: 60 }, (_, i) => orderEvent(`ord_${i % 4}`, i, { type: types[i % 3] ?? '' })))
    const expected = (matches: (i: number) => boolean): Position[] =>
      Array.from({ length: 60 }, (_, i) => i)
        .filter(matches)
        .map(i => i + 1)
    const positions = async (filter: LogFilter, after = 0) =>
      (await readAll(log, after, 4, filter)).map(event => event.position)
    expect(await positions({ orderId: 'ord_2' })).toEqual(expected(i => i % 4 === 2))
    expect(await positions({ types: ['order.paid'] })).toEqual(expected(i => i % 3 === 1))
    expect(await positions({ types: ['order.shipped', 'order.paid', 'order.paid'] }, 30)).toEqual(
      expected(i => i % 3 !== 0 && i >= 30)
    )
    expect(await positions({ types: ['order.paid', 'x'], orderId: 'ord_1' })).toEqual(
      expected(i => i % 3 === 1 && i % 4 === 1)
    )
    expect(await log.read(0, 10, { types: [] })).toEqual({ events: [], upTo: 60 })
    expect(await log.read(0, 10, { orderId: 'ord_9' })).toEqual({ events: [], upTo: 60 })
  })

  test('wakes who watches, also for what another process appends, and no longer after that', async () => {
    const other = await place.openLog()
    let woken = 0
    const unwatch = log.watch(() => woken++)
    await log.append(events(1))
    expect(woken).toBeGreaterThan(0)
    // The first look learns where the head is.
    for (const before = woken; woken === before; ) await delay(10)
    for (const before = woken; woken === before; ) {
      await other.append([orderEvent('ord_2', 1)])
      await delay(20)
    }
    unwatch()
    const after = woken
    await log.append(events(1, 'ord_3'))
    expect(woken).toBe(after)
  })

  test('a tail hands over from what is there to what comes without loss, with appends in between', async () => {
    const other = await place.openLog()
    await log.append(events(30))
    const stop = new AbortController()
    const seen: Position[] = []
    const appending = (async () => {
      for (let i = 0; i < 40; i++) {
        await (i % 2 ? log : other).append([orderEvent(`ord_t${i}`, 1)])
        await delay(i % 5)
      }
    })()
    for await (const { events: found } of tail(log, { after: 10, signal: stop.signal })) {
      seen.push(...found.map(event => event.position))
      if (seen.includes(70)) stop.abort()
    }
    await appending
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 11))
  })

  test('a tail ends when its signal aborts while it waits, and fails when it was too slow', async () => {
    const stop = new AbortController()
    const waiting = tail(log, { after: 0, signal: stop.signal }).next()
    await delay(20)
    stop.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await log.append(events(5))
    await log.trim(3)
    const late = tail(log, { after: 1, signal: new AbortController().signal }).next()
    await expect(late).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })
})
