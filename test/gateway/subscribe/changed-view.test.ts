import { buildSchema, printSchema } from 'graphql'
import type { Engine } from '../../../gateway/engine.ts'
import { openView } from '../../../gateway/execute/open-view.ts'
import { createCursors } from '../../../gateway/subscribe/cursor.ts'
import type { Subscriber } from '../../../gateway/subscribe/standing.ts'
import { type SubscribeDeps, subscribe } from '../../../gateway/subscribe/subscribe.ts'
import type { SubscriptionField } from '../../../platform/log/catalogue.ts'
import type { RowScope } from '../../../platform/scope/scope.ts'
import type { View } from '../../../policies/view.ts'
import { orderEvent, sqlitePlace } from '../../support/database.ts'
import { caller, federate, overTheWire } from '../../support/federation.ts'
import { startFederation } from './given.ts'

/** The view without whatever the pattern finds in its schema. */
function without(view: View, pattern: RegExp): View {
  return {
    ...view,
    id: `${view.id} without ${pattern}`,
    schema: buildSchema(printSchema(view.schema).replace(pattern, ''))
  }
}

describe('a subscription from the log', () => {
  const FIELD: SubscriptionField = {
    name: 'changed',
    typeName: 'Changed',
    sdl: '',
    types: ['order.submitted'],
    scopedAs: 'Order',
    filter: () => ({}),
    payload: event => ({ order: { __typename: 'Order', id: event.aggregate.id } })
  }
  const SUBGRAPHS = {
    log: {
      sdl: `type Subscription { changed(after: String): Changed! }
        type Changed { id: ID! cursor: String version: Int order: Order }
        type Order @key(fields: "id", resolvable: false) { id: ID! }`
    },
    orders: {
      sdl: 'type Query { x: Int } type Order @key(fields: "id") { id: ID! status: String total: Int }',
      resolvers: {
        Order: { __resolveReference: ({ id }: { id: string }) => ({ id, status: `open ${id}`, total: 5 }) }
      } as never
    }
  }
  const QUERY = 'subscription { changed { order { id status total } } }'

  const start = async (views: (view: View) => View = view => view) => {
    const { engine, view } = federate(SUBGRAPHS)
    const place = await sqlitePlace()
    const log = await place.openLog()
    const scoped = (id: string, scopes: readonly RowScope[]): View => ({
      ...view,
      id,
      access: () => ({ read: { Order: scopes }, write: {} })
    })
    const now: { view: View | null } = { view: views(scoped('first', [{}])) }
    const who = (after: View | null = now.view): Subscriber => {
      if (!after) throw new Error('nothing is granted')
      return { ...caller({ view: after }), current: () => now.view }
    }
    const deps: SubscribeDeps = {
      engine,
      log,
      cursors: createCursors(Buffer.alloc(32, 1)),
      catalogue: new Map([['changed', FIELD]])
    }
    const stop = new AbortController()
    return {
      now,
      scoped,
      view,
      append: (...ids: string[]) => log.append(ids.map(id => orderEvent(id, 1, { keys: keysOf(id) }))),
      async subscribe(query = QUERY) {
        const as = who()
        return subscribe(deps, engine.prepare({ query }, as), as, stop.signal)
      },
      async [Symbol.asyncDispose]() {
        stop.abort()
        await place[Symbol.asyncDispose]()
      }
    }
  }
  const keysOf = (id: string) => ({ ...orderEvent(id, 1).keys, region: id.startsWith('far') ? 'far' : 'near' })

  test('goes on under a view that changed, where its request is still valid, without a gap', async () => {
    await using given = await start()
    const deliveries = await given.subscribe()
    await given.append('o1')
    const first = (await deliveries.next()).value
    given.now.view = {
      ...given.scoped('second', [{ region: ['far'] }]),
      masks: new Map([['Order.status', { name: 'hidden', apply: () => '***' }]])
    }
    await given.append('o2', 'far1', 'o3', 'far2')
    const [second, third] = [(await deliveries.next()).value, (await deliveries.next()).value]
    expect(overTheWire([first?.data, second?.data, third?.data])).toEqual([
      { changed: { order: { id: 'o1', status: 'open o1', total: 5 } } },
      { changed: { order: { id: 'far1', status: '***', total: 5 } } },
      { changed: { order: { id: 'far2', status: '***', total: 5 } } }
    ])
    expect([second?.extensions?.prev, third?.extensions?.prev]).toEqual([
      first?.extensions?.cursor,
      second?.extensions?.cursor
    ])
  })

  test('sees what it did not see before, as soon as it may', async () => {
    await using given = await start()
    given.now.view = given.scoped('none', [])
    const deliveries = await given.subscribe()
    const next = deliveries.next()
    await given.append('o1')
    given.now.view = given.scoped('all', [{}])
    await given.append('o2')
    expect((await next).value?.data).toMatchObject({ changed: { order: { id: expect.stringMatching(/^o[12]$/) } } })
  })

  test.each([
    ['nothing is granted any more', () => null],
    ['what it asks for is not granted any more', (view: View) => without(view, /total: Int/)]
  ])('ends with its cursor when %s', async (_, changed) => {
    await using given = await start()
    const deliveries = await given.subscribe()
    await given.append('o1')
    const first = (await deliveries.next()).value
    given.now.view = changed(given.view)
    await given.append('o2')
    await expect(deliveries.next()).rejects.toMatchObject({
      code: 'GRANT_WITHDRAWN',
      message: expect.stringContaining('from "cursor"'),
      details: { cursor: first?.extensions?.cursor }
    })
  })
})

describe("a subgraph's own subscription", () => {
  const QUERY = 'subscription { added { id total returns reason } }'
  const start = async () => {
    const given = await startFederation('graphql-ws')
    const now: { view: View | null } = { view: given.view }
    const deliveries = await given.subscribe(QUERY, { as: { current: () => now.view } })
    const first = deliveries.next()
    await given.orders.feed.until(1)
    const push = (id: number) => given.orders.feed.push({ id, total: 1 })
    push(1)
    expect((await first).value).toEqual({ data: { added: { id: '1', total: 1, returns: 1, reason: 'reason 1' } } })
    return { ...given, now, deliveries, push }
  }

  test('goes on over the same source under a view that changed', async () => {
    await using given = await start()
    const mask = { name: 'hidden', apply: () => '***' }
    given.now.view = { ...given.view, id: 'second', masks: new Map([['Order.reason', mask]]) }
    given.push(2)
    expect((await given.deliveries.next()).value).toEqual({
      data: { added: { id: '2', total: 1, returns: 2, reason: '***' } }
    })
    expect(given.orders.subscribed).toHaveLength(1)
  })

  test.each([
    ['nothing is granted any more', () => null],
    ['what it asks for is not granted any more', (view: View) => without(view, /reason: String/)],
    ['its field is denied', (view: View) => ({ ...view, id: 'denied', denied: new Set(['Subscription.added']) })]
  ])('ends, here and at its source, when %s', async (_, changed) => {
    await using given = await start()
    given.now.view = changed(given.view)
    given.push(2)
    await expect(given.deliveries.next()).rejects.toMatchObject({ code: 'GRANT_WITHDRAWN', details: {} })
    await given.orders.feed.until(0)
  })

  test('says to subscribe again when its source would have to be asked otherwise', async () => {
    await using given = await start()
    const narrower = { read: { Order: [{ region: ['far'] }] }, write: {} }
    given.now.view = { ...given.view, id: 'second', access: () => narrower }
    given.push(2)
    await expect(given.deliveries.next()).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INTERRUPTED',
      message: expect.stringMatching(/subscribe again/)
    })
    await given.orders.feed.until(0)
  })

  test('does not hide a mistake of ours behind a change', async () => {
    await using given = await start()
    const broken: Engine = {
      ...given.engine,
      renew: () => {
        throw new Error('a bug')
      }
    }
    const as: Subscriber = { ...caller({ view: given.view }), current: () => openView(given.supergraphSdl) }
    const prepared = given.engine.prepare({ query: QUERY }, as)
    const stop = new AbortController()
    const deliveries = await subscribe({ ...given.deps, engine: broken }, prepared, as, stop.signal)
    const next = deliveries.next()
    await given.orders.feed.until(2)
    given.push(2)
    await expect(next).rejects.toThrow('a bug')
  })
})
