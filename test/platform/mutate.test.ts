import { randomUUID } from 'node:crypto'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import { refusal } from '../../platform/graphql/refusal.ts'
import { IdempotencyRow } from '../../platform/idempotency/idempotency-row.ts'
import { type MutateDeps, mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import type { Log, LogEvent } from '../../platform/log/log.ts'
import type { ReaderTx } from '../../platform/log/tx.ts'
import { createLogger } from '../../platform/logger.ts'
import { startOutbox } from '../../platform/outbox/relay.ts'
import { OrderShadow } from '../../platform/scope/order-shadow.ts'
import type { Access } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { describeDatabases, type TestPlace } from '../support/database.ts'
import { accessOf } from './support.ts'

describeDatabases('mutate', start => {
  let place: TestPlace
  let room: Database
  let log: Log
  let deps: MutateDeps

  beforeAll(async () => {
    place = await start()
    room = await place.openRoom()
    log = await place.openLog()
    const outbox = startOutbox({ database: room, log, logger: createLogger('silent') })
    deps = { database: room, outbox, clock: systemClock }
  })
  afterAll(async () => {
    await deps.outbox[Symbol.asyncDispose]()
    await place[Symbol.asyncDispose]()
  })

  const call = (
    input: Input,
    work: (tx: ReaderTx) => Promise<Outcome>,
    over: Partial<Access> = {},
    name = 'submitOrder'
  ) => mutate(deps, contextOf(over), name, input, work)
  const orders = () => room.reads.countBy(OrderShadow, { channel: 'JD' })

  /** Writes a row and a fact, and refuses afterwards when told to. */
  const submit = (id: string, error?: Outcome['userErrors'][number]) => async (tx: ReaderTx) => {
    await tx.manager.insert(OrderShadow, { ...NO_KEYS, orderId: id })
    tx.emit(eventOf(id))
    return error ? { id: null, userErrors: [error] } : { id, userErrors: [] }
  }

  test('writes the rows, sends the events, and tells their position', async () => {
    const context = contextOf()
    const id = randomUUID()
    const outcome = await mutate(deps, context, 'submitOrder', inputOf(), submit(id))
    expect(outcome).toEqual({ id, userErrors: [] })
    expect(context.extensions).toEqual({ position: await log.head() })
    const { events } = await log.read((await log.head()) - 1, 1)
    expect(events.map(event => event.aggregate.id)).toEqual([id])
  })

  test('returns the stored outcome and position to the same input, and does not run it again', async () => {
    const input = { ...inputOf(), lines: [{ sku: 'A', quantity: 1 }], note: null }
    const first = contextOf()
    const outcome = await mutate(deps, first, 'submitOrder', input, submit(randomUUID()))
    const { lines, note, idempotencyKey } = input
    const replay = contextOf()
    const reordered = { note, lines: [{ quantity: 1, sku: 'A' }], idempotencyKey }
    expect(lines).toHaveLength(1)
    expect(await mutate(deps, replay, 'submitOrder', reordered, fails)).toEqual(outcome)
    expect(replay.extensions).toEqual(first.extensions)
  })

  test('refuses another input under the same key', async () => {
    const input = inputOf()
    await call(input, submit(randomUUID()))
    const other = await call({ ...input, note: 'other' }, fails, { language: 'zh' })
    expect(other).toEqual({
      id: null,
      userErrors: [refusal('IDEMPOTENCY_MISMATCH', 'zh', ['input', 'idempotencyKey'])]
    })
  })

  test('keeps the keys of operations, consumers and companies apart', async () => {
    const input = inputOf()
    const before = await orders()
    await call(input, submit(randomUUID()))
    await call(input, submit(randomUUID()), {}, 'payOrder')
    await call(input, submit(randomUUID()), { consumer: 'northwind-foods' })
    await call(input, submit(randomUUID()), { company: 'other' })
    expect(await orders()).toBe(before + 4)
  })

  test('runs 20 concurrent duplicates once and gives all of them its outcome', async () => {
    const input = inputOf()
    const id = randomUUID()
    let runs = 0
    const work = async (tx: ReaderTx) => {
      runs += 1
      return submit(id)(tx)
    }
    const contexts = Array.from({ length: 20 }, () => contextOf())
    const outcomes = await Promise.all(contexts.map(context => mutate(deps, context, 'submitOrder', input, work)))
    expect(runs).toBe(1)
    expect(outcomes).toEqual(Array(20).fill({ id, userErrors: [] }))
    expect(new Set(contexts.map(context => context.extensions.position)).size).toBe(1)
  })

  test('runs concurrent duplicates again until one of them does not fail', async () => {
    const input = inputOf()
    const id = randomUUID()
    let runs = 0
    const work = async (tx: ReaderTx) => {
      runs += 1
      const outcome = await submit(id)(tx)
      if (runs <= 3) throw new Error('the disk is full')
      return outcome
    }
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => call(input, work)))
    expect(settled.filter(one => one.status === 'rejected')).toHaveLength(3)
    expect(runs).toBe(4)
    expect(await room.reads.countBy(OrderShadow, { orderId: id })).toBe(1)
  })

  test('undoes rows and events of a refusal, and remembers it', async () => {
    const input = inputOf()
    const context = contextOf()
    const before = { rows: await orders(), head: await log.head() }
    const error = { code: 'INVALID_TRANSITION', message: 'Pay it first.', path: ['input', 'orderId'] }
    const refused = await mutate(deps, context, 'shipOrder', input, submit(randomUUID(), error))
    expect(refused).toEqual({ id: null, userErrors: [error] })
    expect(context.extensions).toEqual({})
    await deps.outbox.flush([])
    expect({ rows: await orders(), head: await log.head() }).toEqual(before)
    expect(await call(input, fails, {}, 'shipOrder')).toEqual(refused)
  })

  test('does not remember a version conflict, which may be tried again under its key', async () => {
    const input = { ...inputOf(), expectedVersion: 1 }
    const id = randomUUID()
    const conflict = refusal('VERSION_CONFLICT', 'en', ['input', 'expectedVersion'])
    const before = await room.reads.count(IdempotencyRow)
    expect(await call(input, submit(id, conflict))).toEqual({ id: null, userErrors: [conflict] })
    expect(await room.reads.count(IdempotencyRow)).toBe(before)
    expect(await call({ ...input, expectedVersion: 2 }, submit(id))).toEqual({ id, userErrors: [] })
  })

  test('undoes everything when the work throws, and forgets the key', async () => {
    const input = inputOf()
    const before = { rows: await orders(), head: await log.head() }
    const work = async (tx: ReaderTx) => {
      await submit(randomUUID())(tx)
      throw new Error('the disk is full')
    }
    await expect(call(input, work)).rejects.toThrow('the disk is full')
    await deps.outbox.flush([])
    expect({ rows: await orders(), head: await log.head() }).toEqual(before)
    expect((await call(input, submit(randomUUID()))).userErrors).toEqual([])
  })

  test('keeps the last position when one operation has several mutations', async () => {
    const context = contextOf()
    const input = inputOf()
    await mutate(deps, context, 'submitOrder', input, submit(randomUUID()))
    await mutate(deps, context, 'submitOrder', inputOf(), submit(randomUUID()))
    const last = context.extensions.position
    await mutate(deps, context, 'submitOrder', input, fails)
    expect(context.extensions.position).toBe(last)
  })

  test('answers without a position, marked stale, when the log cannot be reached after the commit', async () => {
    const context = contextOf()
    const outbox: MutateDeps['outbox'] = {
      add: (manager, events) => deps.outbox.add(manager, events),
      nudge: () => deps.outbox.nudge(),
      flush: async () => {
        throw new Error('the log is away')
      },
      [Symbol.asyncDispose]: async () => {}
    }
    const id = randomUUID()
    expect(await mutate({ ...deps, outbox }, context, 'submitOrder', inputOf(), submit(id))).toEqual({
      id,
      userErrors: []
    })
    expect(context.extensions).toEqual({ stale: true })
    expect(await room.reads.countBy(OrderShadow, { orderId: id })).toBe(1)
  })

  test.each([
    ['an empty', ''],
    ['an overlong', 'k'.repeat(256)]
  ])('refuses %s key as bad input', async (_, idempotencyKey) => {
    await expect(call({ idempotencyKey }, fails)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

type Input = { readonly idempotencyKey: string; readonly [more: string]: unknown }

const NO_KEYS = { company: 'demo', channel: 'JD', customerId: null, region: null, carrier: null, version: 1 }

const fails = async (): Promise<Outcome> => {
  throw new Error('this must not run')
}

function inputOf(): Input {
  return { idempotencyKey: randomUUID() }
}

function contextOf(over: Partial<Access> = {}): Context {
  return { access: accessOf(over), extensions: {} }
}

function eventOf(orderId: string): LogEvent {
  const keys = {
    company: 'demo',
    orderId,
    channel: 'JD',
    customerId: null,
    supplierIds: [],
    region: null,
    carrier: null
  }
  const aggregate = { type: 'order', id: orderId }
  return {
    id: randomUUID(),
    type: 'order.submitted',
    source: 'orders',
    at: '2026-03-06T09:30:00.000Z',
    aggregate,
    version: 1,
    keys,
    data: {}
  }
}
