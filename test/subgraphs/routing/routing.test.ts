import { routing } from '../../../subgraphs/routing/subgraph.ts'
import { startTestRoom } from '../../support/room.ts'
import { acknowledged, figure, inSight, NODES, notes, submitted, then } from './given.ts'

interface Answer {
  readonly _entities: readonly (Readonly<Record<string, never>> | null)[]
}

const ORDER = `query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Order {
  id
  intents { code date carriers span }
  promise { promisedFrom promisedTo basis revision reason }
  promiseHistory { revision reason }
  fulfillmentOrders { status node { id } lines { sku quantity } }
  routing { strategy reasons inputs { nodeId ageSeconds } }
} } }`

const STOCK =
  'query($filter: InventoryFilter) { inventory(filter: $filter) { nodes { sku onHand reserved available node { id } } } }'

const ids = (...orderIds: readonly string[]) => ({ ids: orderIds.map(id => ({ __typename: 'Order', id })) })

async function start(router = notes({})) {
  const { room, rows } = inSight(routing)
  const test = await startTestRoom(room, { router })
  return Object.assign(test, {
    rows,
    order: async (id: string, access = test.access()) => {
      const { data, errors } = await test.execute<Answer>(ORDER, ids(id), access)
      expect(errors).toBeUndefined()
      return data?._entities[0]
    },
    stock: async (filter: object = {}) => {
      const { data, errors } = await test.execute<{ inventory: { nodes: readonly object[] } }>(STOCK, { filter })
      expect(errors).toBeUndefined()
      return data?.inventory.nodes
    }
  })
}

describe('an order that is paid', () => {
  it('is routed to the region’s node, its stock reserved, and promised', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-south', 'A', 90), figure('store-sh', 'A', 3)] })
    await test.append(submitted('o1', test.clock, { lines: [{ sku: 'A', quantity: 2 }] }), then('o1', 'paid'))

    expect(await test.order('o1')).toMatchObject({
      fulfillmentOrders: [{ status: 'OPEN', node: { id: 'store-sh' }, lines: [{ sku: 'A', quantity: 2 }] }],
      routing: { strategy: 'region-then-stock/1', inputs: [{ nodeId: 'store-sh', ageSeconds: 600 }] },
      // A store hands over the next day (Tuesday), and the lane within a region takes one.
      promise: {
        promisedFrom: '2026-03-04T01:00:00.000Z',
        promisedTo: '2026-03-04T13:00:00.000Z',
        revision: 1,
        reason: 'order.paid'
      }
    })
    expect(await test.stock({ nodeId: 'store-sh' })).toEqual([
      { sku: 'A', onHand: 3, reserved: 2, available: 1, node: { id: 'store-sh' } }
    ])
    const events = (await test.logEvents({ orderId: 'o1' })).filter(event => event.source === 'routing')
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['promise.made', 1],
      ['stock.allocated', 2]
    ])
    expect(events[0]?.keys).toMatchObject({ orderId: 'o1', channel: 'DOUYIN', supplierIds: ['acme'] })
  })

  it('takes stock off the shelf when it is shipped, and gives it back when it is cancelled', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10)] })
    for (const id of ['shipped', 'cancelled']) {
      await test.append(submitted(id, test.clock, { lines: [{ sku: 'A', quantity: 3 }] }), then(id, 'paid'))
    }
    expect(await test.stock()).toMatchObject([{ onHand: 10, reserved: 6 }])
    await test.append(then('shipped', 'shipped'), then('cancelled', 'cancelled'))
    expect(await test.stock()).toMatchObject([{ onHand: 7, reserved: 0, available: 7 }])
    expect(await test.order('shipped')).toMatchObject({ fulfillmentOrders: [{ status: 'CLOSED' }] })
    expect(await test.order('cancelled')).toMatchObject({ fulfillmentOrders: [{ status: 'CANCELLED' }] })
  })

  it('says what is short, promises on an estimate, and again when the supplier has answered', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 1)] })
    await test.append(submitted('o1', test.clock, { lines: [{ sku: 'A', quantity: 5 }] }), then('o1', 'paid'))
    const shortage = (await test.logEvents({ types: ['stock.shortage'] }))[0]
    expect(shortage?.data).toMatchObject({ orderId: 'o1', shortages: [{ sku: 'A', quantity: 4, supplierId: 'acme' }] })
    expect(await test.order('o1')).toMatchObject({ promise: { basis: ['processing', 'lane', 'production-estimate'] } })

    await test.append(acknowledged('o1', 'A', '2026-03-20'))
    expect(await test.order('o1')).toMatchObject({
      promise: {
        basis: ['processing', 'lane', 'production'],
        // Produced on Friday the 20th, handed over on the 21st, one or two days within the east.
        promisedFrom: '2026-03-22T01:00:00.000Z',
        promisedTo: '2026-03-23T13:00:00.000Z',
        revision: 2,
        reason: 'production-order.acknowledged'
      },
      promiseHistory: [{ revision: 1 }, { revision: 2 }]
    })
    const revised = (await test.logEvents({ types: ['promise.revised'] }))[0]
    expect(revised).toMatchObject({
      version: 4,
      keys: { channel: 'DOUYIN', customerId: 'customer-1' },
      data: { revision: 2 }
    })
  })

  it('is not routed when it was imported: its source’s promise stands', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10)] })
    const past = { backfill: true, promisedTo: '2026-02-10T10:00:00.000Z' }
    await test.append(submitted('o1', test.clock, past), then('o1', 'paid', past))
    expect(await test.order('o1')).toMatchObject({
      fulfillmentOrders: [],
      routing: null,
      promise: { promisedTo: '2026-02-10T10:00:00.000Z', basis: ['imported'], revision: 1 }
    })
    expect(await test.stock()).toMatchObject([{ reserved: 0 }])
  })

  it('is routed once, however often its events come', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10)] })
    const events = [submitted('o1', test.clock), then('o1', 'paid')].map((event, i) => ({ ...event, id: `fact-${i}` }))
    await test.append(...events)
    await test.append(...events)
    expect(await test.stock()).toMatchObject([{ reserved: 1 }])
    expect(await test.order('o1')).toMatchObject({ promiseHistory: [{ revision: 1 }] })
  })
})

describe('the note', () => {
  const SECRET = '尽快，周五前送到，电话13812345678找王小二'

  it('becomes intents, and nothing else of it is kept or said (W6)', async () => {
    await using test = await start(notes({ o1: SECRET }))
    await test.append(submitted('o1', test.clock, { hasNote: true }), then('o1', 'paid'))
    expect(await test.order('o1')).toMatchObject({
      intents: [
        { code: 'URGENT', date: null },
        { code: 'DELIVER_BY', date: '2026-03-06' }
      ]
    })
    expect((await test.logEvents({ types: ['order.intents-detected'] }))[0]?.data).toMatchObject({
      codes: ['URGENT', 'DELIVER_BY'],
      model: 'rules-1'
    })
    const said = JSON.stringify(await test.logEvents())
    const kept = JSON.stringify(await test.rows())
    for (const part of ['13812345678', '王小二', '尽快', '周五']) {
      expect(said).not.toContain(part)
      expect(kept).not.toContain(part)
    }
    expect(kept).toContain('DELIVER_BY')
  })

  it('is not asked for when there is none', async () => {
    const router = notes({})
    await using test = await start(router)
    await test.append(submitted('o1', test.clock), then('o1', 'paid'))
    expect(router.asked).toBe(0)
  })

  it('is asked for again when the router could not be reached', async () => {
    const router = notes({ o1: '尽快发货' }, 2)
    await using test = await start(router)
    await test.append(submitted('o1', test.clock, { hasNote: true }))
    expect(await test.order('o1')).toMatchObject({ intents: [{ code: 'URGENT' }] })
    expect(router.asked).toBe(3)
  })
})

describe('who may see what', () => {
  it('shows nothing of an order outside the caller’s scope', async () => {
    await using test = await start(notes({ o1: '尽快发货' }))
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10)] })
    await test.append(submitted('o1', test.clock, { hasNote: true }), then('o1', 'paid'))
    for (const Order of [[{ channel: ['JD'] }], []]) {
      expect(await test.order('o1', test.access({ read: { ...test.access().read, Order } }))).toMatchObject({
        intents: [],
        promise: null,
        promiseHistory: [],
        fulfillmentOrders: [],
        routing: null
      })
    }
  })

  it('shows a supplier its own lines of a parcel alone', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 10), figure('wh-east', 'B', 10)] })
    const lines = [
      { sku: 'A', quantity: 1, supplierId: 'acme' },
      { sku: 'B', quantity: 2, supplierId: 'orient' }
    ]
    await test.append(submitted('o1', test.clock, { lines }), then('o1', 'paid', { lines }))
    const own = [{ supplierIds: ['orient'] }]
    const read = { Order: own, FulfillmentOrder: own, FulfillmentLine: own, StockNode: [] }
    expect(await test.order('o1', test.access({ read }))).toMatchObject({
      fulfillmentOrders: [{ node: null, lines: [{ sku: 'B', quantity: 2 }] }]
    })
  })

  it('tells which scopes an order meets, and leaves an unknown one to the other rooms', async () => {
    await using test = await start()
    await test.append(submitted('o1', test.clock))
    const access = test.access({ read: { Order: [{ channel: ['JD'] }, { channel: ['DOUYIN'] }] } })
    const document = 'query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Order { metScopes } } }'
    const { data } = await test.execute<Answer>(document, ids('o1', 'unheard-of'), access)
    expect(data?._entities).toEqual([{ metScopes: 2 }, { metScopes: -1 }])
  })

  it('lists stock of the caller’s regions alone', async () => {
    await using test = await start()
    await test.room.importStock({ nodes: NODES, figures: [figure('wh-east', 'A', 1), figure('wh-south', 'A', 2)] })
    const access = test.access({ read: { StockLevel: [{ region: ['CN-GD'] }], StockNode: [{ region: ['CN-GD'] }] } })
    const { data } = await test.execute<{ inventory: unknown }>(
      '{ inventory { totalCount nodes { onHand node { id } metScopes } } }',
      {},
      access
    )
    expect(data?.inventory).toEqual({ totalCount: 1, nodes: [{ onHand: 2, node: { id: 'wh-south' }, metScopes: 1 }] })
  })
})
