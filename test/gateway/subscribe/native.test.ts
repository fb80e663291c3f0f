import { PROTOCOLS, rest, startFederation } from './given.ts'

describe.each(PROTOCOLS)("a subgraph's own subscription over %s", protocol => {
  test('answers each event with what other subgraphs know, in order', async () => {
    await using given = await startFederation(protocol)
    const deliveries = await given.subscribe('subscription { added { id total returns } }')
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push(...Array.from({ length: 200 }, (_, id) => ({ id, total: id * 2 })))
    given.orders.feed.complete()
    expect((await first).value).toEqual({ data: { added: { id: '0', total: 0, returns: 0 } } })
    expect(await rest(deliveries)).toEqual(
      Array.from({ length: 199 }, (_, i) => ({
        data: { added: { id: `${i + 1}`, total: (i + 1) * 2, returns: i + 1 } }
      }))
    )
    expect(given.orders.subscribed.map(({ body }) => body.query)).toEqual([
      expect.stringMatching(/^subscription *\{added\{/)
    ])
    // What the subscription itself brings is not fetched again.
    expect(given.orders.queried).toEqual([])
    expect(given.returns.queried).toHaveLength(200)
  })

  test('is told when its source breaks off, without the name of it, and is not begun again', async () => {
    await using given = await startFederation(protocol)
    const deliveries = await given.subscribe('subscription { added { returns } }')
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push({ id: 1 })
    expect((await first).value).toEqual({ data: { added: { returns: 1 } } })
    given.orders.cut()
    const failed = await deliveries.next().catch((thrown: unknown) => thrown)
    expect(failed).toMatchObject({
      code: 'SUBGRAPH_UNAVAILABLE',
      details: {},
      message: expect.stringMatching(/missing/)
    })
    expect(String(failed)).not.toContain('orders')
    expect(JSON.stringify(given.reports)).toContain('orders')
    expect(await deliveries.next()).toEqual({ done: true, value: undefined })
    expect(given.orders.subscribed).toHaveLength(1)
  })

  test('ends at its source when its reader leaves', async () => {
    await using given = await startFederation(protocol)
    const stop = new AbortController()
    const leaving = await given.subscribe('subscription { added { id } }', { signal: stop.signal })
    const waiting = leaving.next()
    await given.orders.feed.until(1)
    stop.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await given.orders.feed.until(0)

    const returning = await given.subscribe('subscription { added { id } }')
    const first = returning.next()
    await given.orders.feed.until(1)
    given.orders.feed.push({ id: 1 })
    await first
    await returning.return(undefined)
    await given.orders.feed.until(0)
  })

  test('forwards headers to its source and to what is fetched for its events', async () => {
    await using given = await startFederation(protocol)
    const headers = { authorization: 'Bearer abc' }
    const deliveries = await given.subscribe('subscription { added { returns } }', { as: { headers } })
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push({ id: 1 })
    await first
    expect(given.orders.subscribed[0]?.headers).toMatchObject(headers)
    expect(given.returns.queried[0]?.headers).toMatchObject(headers)
    if (protocol === 'graphql-ws') expect(given.orders.subscribed[0]?.init).toEqual(headers)
  })

  test('tells what its source says against it, and ends', async () => {
    await using given = await startFederation(protocol)
    const deliveries = await rest(await given.subscribe('subscription { refused { id } }'))
    expect(deliveries).toEqual([
      {
        data: { refused: null },
        errors: [expect.objectContaining({ extensions: { code: 'INTERNAL', id: expect.any(String) } })]
      }
    ])
    expect(JSON.stringify(deliveries)).not.toContain('secret')
  })
})

describe("an event of a subgraph's own subscription", () => {
  const deliver = async (query: string, event: unknown, variables?: Readonly<Record<string, unknown>>) => {
    await using given = await startFederation('graphql-ws')
    const deliveries = await given.subscribe(query, { variables })
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push(event)
    const { value } = await first
    return { result: value, subscribed: given.orders.subscribed[0]?.body, queried: given.returns.queried }
  }

  test('is answered under aliases, through fragments, with variables and conditions', async () => {
    const query = `subscription Watch($id: ID, $of: Int, $yes: Boolean!) {
      c: changed(id: $id, kinds: [SOME]) { ...C t: to @skip(if: $yes) }
    }
    fragment C on Change { x: to o: order { i: id r: returns(of: $of) r2: returns } all: orders { ... on Order { id returns } } }`
    const event = { to: 'B', order: { id: 7 }, orders: [{ id: 1 }, null, { id: 2 }] }
    const { result, subscribed } = await deliver(query, event, { id: 'o7', of: 100, yes: true })
    expect(result).toEqual({
      data: {
        c: { x: 'B', o: { i: '7', r: 107, r2: 7 }, all: [{ id: '1', returns: 1 }, null, { id: '2', returns: 2 }] }
      }
    })
    expect(subscribed?.variables).toEqual({ id: 'o7' })
    expect(subscribed?.query).toMatch(/^subscription *\(\$id: ?ID\)/)
  })

  test.each([
    [
      { id: 'b1', title: 'A', pages: 3 },
      { __typename: 'Book', name: 'A', n: 3, author: 'author of b1' }
    ],
    [
      { title: 'B', pages: 'many' },
      { __typename: 'Film', name: 'B', many: 'many' }
    ]
  ])('may be of any type of an interface', async (event, expected) => {
    const query = `subscription { r: released { __typename name: title
      ... on Book { n: pages author } ... on Film { many: pages } } }`
    expect((await deliver(query, event)).result).toEqual({ data: { r: expected } })
  })

  test('may be null, or null where none may be', async () => {
    expect((await deliver('subscription { changed { to } }', null)).result).toEqual({ data: { changed: null } })
    const { result } = await deliver('subscription { a: added { id } }', null)
    expect(result).toMatchObject({ data: null, errors: [{ path: ['a'] }] })
  })

  test('has its own errors at the places where the client sees them', async () => {
    const { result } = await deliver('subscription { c: changed { f: flaky o: order { id returns } } }', {
      to: 'B',
      flaky: 'fail',
      order: { id: 1 }
    })
    expect(result).toEqual({
      data: { c: { f: null, o: { id: '1', returns: 1 } } },
      errors: [expect.objectContaining({ path: ['c', 'f'], extensions: expect.objectContaining({ code: 'INTERNAL' }) })]
    })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  test('takes its null up to the nearest place that may be null, as a fetch does', async () => {
    const { result } = await deliver('subscription { c: changed { t: to } }', { to: null })
    expect(result).toMatchObject({ data: { c: null }, errors: [{ path: ['c', 't'] }] })
  })

  test('stands beside errors of what was fetched for it', async () => {
    const { result } = await deliver('subscription { c: changed { orders { id why: reason } } }', {
      to: 'B',
      orders: [{ id: 12 }, { id: 13 }]
    })
    expect(result).toMatchObject({
      data: {
        c: {
          orders: [
            { id: '12', why: 'reason 12' },
            { id: '13', why: null }
          ]
        }
      },
      errors: [{ path: ['c', 'orders', 1, 'why'] }]
    })
  })

  test('is answered in part when another subgraph cannot be reached, and so is the next', async () => {
    await using given = await startFederation('sse')
    const deliveries = await given.subscribe('subscription { changed { to order { id returns } } }')
    const first = deliveries.next()
    await given.orders.feed.until(1)
    await given.returns[Symbol.asyncDispose]()
    given.orders.feed.push({ to: 'A', order: { id: 1 } }, { to: 'B' })
    expect((await first).value).toMatchObject({
      data: { changed: { to: 'A', order: null } },
      errors: [{ path: ['changed', 'order', 'returns'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]
    })
    expect((await deliveries.next()).value).toEqual({ data: { changed: { to: 'B', order: null } } })
  })
})

describe("a subgraph's own subscription", () => {
  test('ends with an error for a reader who is too slow, after what waited for it', async () => {
    await using given = await startFederation('graphql-ws', { waitingEvents: 5 })
    const deliveries = await given.subscribe('subscription { added { id } }')
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push(...Array.from({ length: 50 }, (_, id) => ({ id })))
    await first
    await given.orders.feed.until(0)
    for (let id = 1; id <= 5; id++)
      expect((await deliveries.next()).value).toEqual({ data: { added: { id: `${id}` } } })
    await expect(deliveries.next()).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INTERRUPTED',
      message: expect.stringMatching(/faster/)
    })
  })

  test('of which nothing is asked has one answer, and asks nobody', async () => {
    await using given = await startFederation('sse')
    const none = await given.subscribe('subscription { added @include(if: false) { id } }')
    expect(await rest(none)).toEqual([{ data: {} }])
    expect(given.orders.subscribed).toEqual([])
  })

  test('is refused when a variable decides whether it has its field', async () => {
    await using given = await startFederation('sse')
    const query = 'subscription ($no: Boolean!) { added @include(if: $no) { id } }'
    await expect(given.subscribe(query, { variables: { no: false } })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]
    })
  })

  test('whose field the caller is denied is refused, and asks nobody', async () => {
    await using given = await startFederation('sse')
    const denied = { ...given.view, id: 'denied', denied: new Set(['Subscription.added']) }
    const as = { view: denied, current: () => denied }
    await expect(given.subscribe('subscription { a: added { id } }', { as })).rejects.toMatchObject({
      errors: [{ path: ['a'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]
    })
    expect(given.orders.subscribed).toEqual([])
  })

  test('leaves out what the caller is denied of each event', async () => {
    await using given = await startFederation('sse')
    const denied = { ...given.view, id: 'denied', denied: new Set(['Order.returns', 'Order.total']) }
    const deliveries = await given.subscribe('subscription { changed { order { id total reason } } }', {
      as: { view: denied, current: () => denied }
    })
    const first = deliveries.next()
    await given.orders.feed.until(1)
    given.orders.feed.push({ to: 'B', order: { id: 1, total: 5 } })
    expect((await first).value).toMatchObject({
      data: { changed: { order: { id: '1', total: null, reason: 'reason 1' } } },
      errors: [{ path: ['changed', 'order', 'total'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]
    })
    expect(given.orders.subscribed[0]?.body.query).not.toContain('total')
  })

  test('cannot be had from a subgraph that nobody can subscribe to', async () => {
    await using given = await startFederation('sse')
    const deliveries = await given.subscribe('subscription { added { id } }')
    await given.orders[Symbol.asyncDispose]()
    await expect(deliveries.next()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })
})
