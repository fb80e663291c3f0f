import { randomUUID } from 'node:crypto'
import { codeFor } from '../../../subgraphs/health/order-status.ts'
import { health } from '../../../subgraphs/health/subgraph.ts'
import { startTestRoom, type TestEvent } from '../../support/room.ts'

const REPORT = `mutation($input: ReportStatusInput!) { reportStatus(input: $input) {
  report { system status statusCode occurredAt receivedAt } userErrors { code message path }
} }`
const REPORTS = `query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Order {
  statusReports { system statusCode metScopes }
} } }`
const CONSISTENCY = '{ pulse(window: "P1D") { metrics { id value n score notes parts { name value n } } } }'

interface Reported {
  readonly reportStatus: {
    readonly report: object | null
    readonly userErrors: readonly { readonly message: string }[]
  }
}

function said(id: string, version: number, type: string, to: string, at: string): TestEvent {
  const event = { type, aggregate: { type: 'order', id }, version, at: `2026-03-01T${at}:00.000Z` }
  return { ...event, keys: { channel: 'DOUYIN' }, data: { from: null, to, backfill: false } }
}

/** Orders that were placed at eight, paid at nine and shipped at ten. */
async function start(...orders: readonly string[]) {
  const test = await startTestRoom(health, { now: '2026-03-01T12:00:00.000Z' })
  for (const id of orders) {
    await test.append(
      said(id, 1, 'order.submitted', 'AWAITING_PAYMENT', '08:00'),
      said(id, 2, 'order.paid', 'PAID', '09:00'),
      said(id, 3, 'order.shipped', 'SHIPPED', '10:00')
    )
  }
  const report = async (over: object = {}, access = test.access()) => {
    const input = {
      idempotencyKey: randomUUID(),
      system: 'wms',
      orderId: 'o1',
      status: '2',
      occurredAt: '2026-03-01T11:00:00Z',
      ...over
    }
    const { data, errors } = await test.execute<Reported>(REPORT, { input }, access)
    expect(errors).toBeUndefined()
    return data?.reportStatus
  }
  const consistency = async () => {
    await test.settled()
    const { data } = await test.execute<{ pulse: { metrics: readonly { id: string }[] } }>(CONSISTENCY)
    return data?.pulse.metrics.find(metric => metric.id === 'STATUS_CONSISTENCY')
  }
  return Object.assign(test, { report, consistency })
}

it.each([
  ['any', '0', 0],
  ['any', 'PAID', 1],
  ['any', '已发货', 2],
  ['wms', 'picking', 1],
  ['erp', 'DELIVERED', 2],
  ['wms', 'DELIVERED', 3],
  ['taobao', 'TRADE_CLOSED', 4],
  ['any', 'TRADE_CLOSED', null],
  ['any', '7', null],
  ['any', 'constructor', null]
])('maps %s’s %s to %s', (system, status, code) => expect(codeFor(system, status)).toBe(code))

it('gives a report an id that proves no guess of its time, and knows it again', async () => {
  const idOf = async (test: Awaited<ReturnType<typeof start>>, idempotencyKey: string) => {
    const query = 'mutation($input: ReportStatusInput!) { reportStatus(input: $input) { report { id } } }'
    const input = { system: 'wms', orderId: 'o1', status: '2', occurredAt: '2026-03-01T11:00:00Z', idempotencyKey }
    const { data } = await test.execute<{ reportStatus: { report: { id: string } } }>(query, { input })
    return data?.reportStatus.report.id
  }
  await using one = await start('o1')
  await using other = await start('o1')
  const id = await idOf(one, 'a')
  expect(id).toMatch(/^str_/)
  expect(await idOf(one, 'b')).toBe(id)
  expect(await idOf(other, 'a')).not.toBe(id)
})

it('takes what a system says, says so in the log, and shows it on the order', async () => {
  await using test = await start('o1')
  expect(await test.report({ status: 'OUTBOUND' })).toEqual({
    report: {
      system: 'wms',
      status: 'OUTBOUND',
      statusCode: 2,
      occurredAt: '2026-03-01T11:00:00.000Z',
      receivedAt: '2026-03-01T12:00:00.000Z'
    },
    userErrors: []
  })
  const [event] = await test.logEvents({ types: ['status.reported'] })
  expect(event).toMatchObject({
    source: 'health',
    keys: { orderId: 'o1', channel: 'DOUYIN' },
    data: { system: 'wms', orderId: 'o1', statusCode: 2, occurredAt: '2026-03-01T11:00:00.000Z' }
  })
  const ids = [{ __typename: 'Order', id: 'o1' }]
  const { data } = await test.execute<{ _entities: unknown }>(REPORTS, { ids })
  expect(data?._entities).toEqual([{ statusReports: [{ system: 'wms', statusCode: 2, metScopes: 1 }] }])
  for (const StatusReport of [[], [{ channel: ['JD'] }]]) {
    const hidden = await test.execute<{ _entities: unknown }>(REPORTS, { ids }, test.access({ read: { StatusReport } }))
    expect(hidden.data?._entities).toEqual([{ statusReports: [] }])
  }
})

it.each([
  [{ status: 'WHAT' }, 'UNMAPPED_STATUS'],
  [{ system: 'not a system' }, 'BAD_SYSTEM'],
  [{ occurredAt: '2026-03-01T13:00:00Z' }, 'FUTURE_REPORT'],
  [{ orderId: 'unheard-of' }, 'NOT_FOUND']
])('refuses %j as %s', async (over, code) => {
  await using test = await start('o1')
  expect(await test.report(over)).toMatchObject({ report: null, userErrors: [{ code }] })
  expect(await test.logEvents({ types: ['status.reported'] })).toEqual([])
})

it('names the words that it knows, in the caller’s language', async () => {
  await using test = await start('o1')
  const refused = await test.report({ status: 'WHAT' }, test.access({ language: 'zh' }))
  expect(refused?.userErrors[0]?.message).toMatch(/PICKING.*0, 1, 2, 3, 4/)
  expect(refused?.userErrors[0]?.message).toContain('没有对应关系')
})

it('refuses what is outside the write scope: as unknown to whom the order is hidden', async () => {
  await using test = await start('o1')
  const write = { StatusReport: [{ carrier: ['swift-express'] }] }
  expect(await test.report({}, test.access({ write }))).toMatchObject({ userErrors: [{ code: 'OUT_OF_SCOPE' }] })
  expect(await test.report({}, test.access({ write, read: {} }))).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] })
})

it('takes the same report once', async () => {
  await using test = await start('o1')
  await test.report()
  expect(await test.report()).toMatchObject({ userErrors: [] })
  expect(await test.logEvents({ types: ['status.reported'] })).toHaveLength(1)
})

it('imports past reports once, and gives back what it cannot take', async () => {
  await using test = await start('o1')
  const report = { system: 'erp', orderId: 'o1', status: '1', occurredAt: '2026-03-01T09:30:00.000Z' }
  const strange = { ...report, status: 'WHAT' }
  const unknown = { ...report, orderId: 'unheard-of' }
  expect(await test.room.importStatusReports([report, strange, unknown])).toMatchObject({
    imported: 1,
    unchanged: 0,
    rejected: [{ report: strange }, { report: unknown }]
  })
  expect(await test.room.importStatusReports([report])).toEqual({ imported: 0, unchanged: 1, rejected: [] })
})

it('compares each system’s last word with our own history, with grace', async () => {
  await using test = await start('o1', 'o2')
  // Agrees: we shipped o1 at ten.
  await test.report({ system: 'wms', status: 'PICKING', occurredAt: '2026-03-01T09:30:00Z' })
  await test.report({ system: 'wms', status: 'OUTBOUND', occurredAt: '2026-03-01T10:30:00Z' })
  // Agrees within the grace: still paid ten minutes after we shipped.
  await test.report({ system: 'erp', status: '1', occurredAt: '2026-03-01T10:10:00Z' })
  // Does not: an hour later it is wrong.
  await test.report({ system: 'erp', orderId: 'o2', status: '1', occurredAt: '2026-03-01T11:00:00Z' })
  // Is not compared: we had never heard of o2 then.
  await test.report({ system: 'tms', orderId: 'o2', status: '1', occurredAt: '2026-03-01T06:00:00Z' })
  const metric = await test.consistency()
  expect(metric).toMatchObject({
    n: 3,
    parts: [
      { name: 'erp', value: 50, n: 2 },
      { name: 'wms', value: 100, n: 1 }
    ],
    notes: ['grace 15 min', expect.stringContaining('1 pairs not compared')]
  })
  expect(metric).toHaveProperty('value', 200 / 3)
  // 100 × (66.667 − 64) / (99.1 − 64)
  expect((metric as unknown as { score: number }).score).toBeCloseTo(7.597, 3)
})
