import type { View } from '../../../policies/view.ts'
import { caller, federate, overTheWire, type SubgraphContext } from '../../support/federation.ts'

const LOG = {
  sdl: `
    type Subscription { changed(orderId: ID, kind: Kind = ALL, after: String): Changed! }
    enum Kind { ALL SOME }
    interface Event { id: ID! at: String version: Int }
    type Changed implements Event { id: ID! at: String version: Int from: String to: String order: Order parts: [Part!] }
    type Part { n: Int order: Order! }
    type Order @key(fields: "id", resolvable: false) { id: ID! }`
}
const ORDERS = {
  sdl: `
    type Query { order(id: ID!): Order }
    type Order @key(fields: "id") { id: ID! status: String total: Int! metScopes: Int! @inaccessible @shareable }`,
  resolvers: {
    Order: {
      __resolveReference: ({ id }: { id: string }) => (id === 'gone' ? null : { id, status: `open ${id}`, total: 5 }),
      metScopes: (_: unknown, __: unknown, { access }: SubgraphContext) => Number(access.claims['met'] ?? 0)
    }
  } as never
}
const RETURNS = {
  sdl: 'type Query { x: Int } type Order @key(fields: "id") { id: ID! returns: Int }',
  resolvers: { Order: { __resolveReference: ({ id }: { id: string }) => ({ id, returns: 2 }) } } as never
}

const federation = federate({ log: LOG, orders: ORDERS, returns: RETURNS })
const { engine, view, calls } = federation

const EVENT = {
  __typename: 'Changed',
  id: 'e1',
  at: '2026-01-01',
  version: 3,
  from: 'A',
  to: 'B',
  order: { __typename: 'Order', id: 'o1' },
  parts: [
    { n: 1, order: { id: 'o1' } },
    { n: 2, order: { __typename: 'Order', id: 'o2' } }
  ],
  secret: 'x'
}

function prepare(query: string, variables?: Record<string, unknown>, as = caller({ view })) {
  return engine.prepare({ query, variables }, as)
}
const deliver = async (
  query: string,
  variables?: Record<string, unknown>,
  payload: Record<string, unknown> = EVENT
) => {
  calls.length = 0
  return overTheWire(await engine.deliver(prepare(query, variables), caller({ view }), { payload }))
}

beforeEach(() => {
  calls.length = 0
})

describe('a subscription', () => {
  test('says which field it is, under which key, with its arguments and their defaults', () => {
    const prepared = prepare(
      'subscription S($id: ID) { ...F } fragment F on Subscription { c: changed(orderId: $id, after: "x") { id } }',
      { id: 7 }
    )
    expect(prepared).toMatchObject({ kind: 'subscription', operationName: 'S' })
    expect(prepared.subscription).toEqual({
      field: 'changed',
      responseKey: 'c',
      args: { orderId: '7', kind: 'ALL', after: 'x' }
    })
    expect(prepare('subscription { changed { id } }').subscription?.args).toEqual({ kind: 'ALL' })
    expect(prepare('{ x }').subscription).toBeUndefined()
  })

  test('has one root field', () => {
    expect(() => prepare('subscription { a: changed { id } b: changed { id } }')).toThrow(/one/)
    expect(() => prepare('subscription { changed { id } __typename }')).toThrow(/one/)
  })

  test('answers from the event alone, when that is enough', async () => {
    expect(await deliver('subscription { changed { id to from at version __typename } }')).toEqual({
      data: { changed: { id: 'e1', to: 'B', from: 'A', at: '2026-01-01', version: 3, __typename: 'Changed' } }
    })
    expect(calls).toEqual([])
  })

  test('answers the rest as the rooms know it now', async () => {
    expect(await deliver('subscription { changed { to order { id status returns } } }')).toEqual({
      data: { changed: { to: 'B', order: { id: 'o1', status: 'open o1', returns: 2 } } }
    })
    expect(calls.map(call => call.subgraph).sort()).toEqual(['orders', 'returns'])
  })

  test('takes aliases, fragments, lists and conditions', async () => {
    const query = `subscription ($yes: Boolean!) {
      c: changed(orderId: "1") { ...E x: to ... on Changed { o: order { i: id s: status } y: from @skip(if: $yes) }
        p: parts { k: n order { t: total } } }
    } fragment E on Event { v: version ... on Changed { f: from @include(if: $yes) } }`
    const parts = [
      { k: 1, order: { t: 5 } },
      { k: 2, order: { t: 5 } }
    ]
    expect(await deliver(query, { yes: true })).toEqual({
      data: { c: { v: 3, f: 'A', x: 'B', o: { i: 'o1', s: 'open o1' }, p: parts } }
    })
    expect(await deliver(query, { yes: false })).toEqual({
      data: { c: { v: 3, x: 'B', o: { i: 'o1', s: 'open o1' }, y: 'A', p: parts } }
    })
  })

  test('shows nothing that was not selected, and null for what the event does not say', async () => {
    expect(await deliver('subscription { changed { id to order { status } } }', {}, { id: 'e', order: null })).toEqual({
      data: { changed: { id: 'e', to: null, order: null } }
    })
  })

  test('nulls what is gone', async () => {
    const payload = { ...EVENT, order: { __typename: 'Order', id: 'gone' } }
    expect(await deliver('subscription { changed { order { id status } } }', {}, payload)).toEqual({
      data: { changed: { order: { id: 'gone', status: null } } }
    })
  })

  test('is answered after the event, and one event does not disturb the next', async () => {
    const query = 'subscription { changed { order { status } } }'
    const who = caller({ view, readAfter: 42 })
    const prepared = prepare(query, {}, who)
    const [a, b] = await Promise.all([
      engine.deliver(prepared, who, { payload: EVENT }),
      engine.deliver(
        prepared,
        { ...who, readAfter: 43 },
        { payload: { ...EVENT, order: { __typename: 'Order', id: 'o9' } } }
      )
    ])
    expect(overTheWire([a.data, b.data])).toEqual([
      { changed: { order: { status: 'open o1' } } },
      { changed: { order: { status: 'open o9' } } }
    ])
    expect(calls.map(call => call.access.readAfter)).toEqual([42, 43])
    expect(EVENT.order).toEqual({ __typename: 'Order', id: 'o1' })
  })

  test('shows masked values and granted cells alone', async () => {
    const contracted: View = {
      ...view,
      id: 'contracted',
      masks: new Map([['Changed.at', { name: 'year', apply: value => String(value).slice(0, 4) }]]),
      cells: new Map([
        [
          'Order',
          new Map([
            ['status', 1],
            ['total', 2],
            ['id', 3]
          ])
        ]
      ])
    }
    const who = caller({ view: contracted })
    const prepared = prepare('subscription { changed { at order { id status total } } }', {}, who)
    for (const [met, order] of [
      ['1', { id: 'o1', status: 'open o1', total: null }],
      ['0', { id: null, status: null, total: null }]
    ] as const) {
      const as = { ...who, consumer: { ...who.consumer, claims: { met } } }
      const { data } = await engine.deliver(prepared, as, { payload: EVENT })
      // `total` may not be null in this schema, so what is not granted takes the order with it.
      expect(overTheWire(data)).toEqual({ changed: { at: '2026', order: null } })
      const nullable = prepare('subscription { changed { order { status } } }', {}, who)
      expect(overTheWire((await engine.deliver(nullable, as, { payload: EVENT })).data)).toEqual({
        changed: { order: { status: order.status } }
      })
    }
  })
})
