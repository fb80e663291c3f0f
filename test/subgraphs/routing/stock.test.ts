import { randomUUID } from 'node:crypto'
import { routing } from '../../../subgraphs/routing/subgraph.ts'
import { startTestRoom } from '../../support/room.ts'
import { figure, NODES, notes } from './given.ts'

const REPORT = `mutation($input: ReportStockInput!) { reportStock(input: $input) {
  level { onHand reserved available version source ageSeconds node { id } } userErrors { code path message }
} }`

interface Reported {
  readonly reportStock: {
    readonly level: Readonly<Record<string, unknown>> | null
    readonly userErrors: readonly { readonly code: string; readonly message: string }[]
  }
}

async function start() {
  const test = await startTestRoom(routing, { router: notes({}) })
  await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10)] })
  return Object.assign(test, {
    report: async (over: object = {}, access = test.access()) => {
      const input = {
        idempotencyKey: randomUUID(),
        nodeId: 'wh-east',
        sku: 'A',
        onHand: 7,
        source: 'wms',
        occurredAt: '2026-03-02T00:59:00Z',
        ...over
      }
      const { data, errors } = await test.execute<Reported>(REPORT, { input }, access)
      expect(errors).toBeUndefined()
      return data?.reportStock
    }
  })
}

it('takes a count in the place of an older one, and says so in the log', async () => {
  await using test = await start()
  expect(await test.report()).toMatchObject({ level: { onHand: 7, version: 2, ageSeconds: 60 }, userErrors: [] })
  const events = await test.logEvents({ types: ['stock.reported'] })
  expect(events.map(({ version, data }) => [version, data['onHand'], data['backfill']])).toEqual([
    [1, 10, true],
    [2, 7, false]
  ])
  expect(events[1]?.data['occurredAt']).toBe('2026-03-02T00:59:00.000Z')
})

it('takes the first count of an article that the node never had', async () => {
  await using test = await start()
  expect(await test.report({ sku: 'NEW', expectedVersion: 0 })).toMatchObject({ level: { onHand: 7, version: 1 } })
})

it.each([
  [{ onHand: -1 }, 'NEGATIVE_STOCK'],
  [{ source: '' }, 'BAD_SOURCE'],
  [{ occurredAt: '2026-03-02T09:00:00Z' }, 'FUTURE_REPORT'],
  [{ occurredAt: '2026-03-01T00:00:00Z' }, 'OUTDATED_REPORT'],
  [{ expectedVersion: 9 }, 'VERSION_CONFLICT'],
  [{ nodeId: 'nowhere' }, 'NOT_FOUND']
])('refuses %j as %s', async (over, code) => {
  await using test = await start()
  expect(await test.report(over)).toMatchObject({ level: null, userErrors: [{ code }] })
  expect(await test.logEvents({ types: ['stock.reported'] })).toHaveLength(1)
})

it('refuses in the caller’s language', async () => {
  await using test = await start()
  const refused = await test.report({ onHand: -1 }, test.access({ language: 'zh' }))
  expect(refused?.userErrors[0]?.message).toContain('库存')
})

it('refuses a count of another’s region: as unknown to whom it is hidden', async () => {
  await using test = await start()
  const write = { StockLevel: [{ region: ['CN-GD'] }] }
  expect(await test.report({}, test.access({ write }))).toMatchObject({ userErrors: [{ code: 'OUT_OF_SCOPE' }] })
  expect(await test.report({}, test.access({ write, read: {} }))).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] })
})

it('answers a repeated report as the first time, and refuses its key for another', async () => {
  await using test = await start()
  const idempotencyKey = 'once'
  await test.report({ idempotencyKey })
  expect(await test.report({ idempotencyKey })).toMatchObject({ level: { version: 2 }, userErrors: [] })
  expect(await test.report({ idempotencyKey, onHand: 1 })).toMatchObject({
    userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }]
  })
  expect(await test.logEvents({ types: ['stock.reported'] })).toHaveLength(2)
})

it('imports the same figures again without a change, and ignores older ones', async () => {
  await using test = await start()
  const figures = [
    figure('wh-east', 'A', 10),
    { ...figure('wh-east', 'A', 99), occurredAt: '2026-01-01T00:00:00.000Z' }
  ]
  expect(await test.room.importStock({ nodes: NODES, figures })).toEqual({ nodes: 3, figures: 0, unchanged: 2 })
  expect(await test.logEvents({ types: ['stock.reported'] })).toHaveLength(1)
})

it('pages through the inventory', async () => {
  await using test = await start()
  await test.room.importStock({ nodes: [], figures: ['B', 'C', 'D'].map(sku => figure('wh-south', sku, 1)) })
  const document =
    'query($after: String) { inventory(first: 3, after: $after) { totalCount nodes { sku } pageInfo { hasNextPage endCursor } } }'
  type Page = { inventory: { totalCount: number; nodes: { sku: string }[]; pageInfo: { endCursor: string } } }
  const first = await test.execute<Page>(document)
  const second = await test.execute<Page>(document, { after: first.data?.inventory.pageInfo.endCursor })
  const seen = [first, second].flatMap(page => page.data?.inventory.nodes.map(node => node.sku) ?? [])
  expect(seen.sort()).toEqual(['A', 'B', 'C', 'D'])
  expect(first.data?.inventory.totalCount).toBe(4)
})
