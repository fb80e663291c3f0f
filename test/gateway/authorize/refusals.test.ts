import { admin, anon, denied, guard, LINK, logi, partner, TRADE } from './graph.ts'

const trade = guard(TRADE)
const refusal = (...errors: ReturnType<typeof denied>[]) => ({
  status: 403,
  errors: errors.map(({ message, path, extensions }) => expect.objectContaining({ message, path, extensions }))
})

describe('a mutation', () => {
  test('that is denied never runs, whether it uses its variables or not (A32, A34)', async () => {
    const query = 'mutation ($reason: String) { cancelOrder(id: "1", reason: $reason) { id } }'
    await expect(trade.ask(logi, query, { reason: 'late' })).rejects.toMatchObject(refusal(denied(['cancelOrder'])))
    expect(trade.asked()).toBe('')
    expect(await trade.ask(admin, query, { reason: 'late' })).toEqual({ data: { cancelOrder: { id: '1' } } })
    await expect(trade.ask(logi, query)).rejects.toMatchObject({ status: 403 })
    expect(trade.asked()).toBe('')
  })

  test('does not run when a part of its answer is denied (A35)', async () => {
    const query = 'mutation { addNote(id: "1", text: "x") { id internalNote } }'
    await expect(trade.ask(partner, query)).rejects.toMatchObject(refusal(denied(['addNote', 'internalNote'])))
    expect(trade.asked()).toBe('')
    expect(await trade.ask(partner, 'mutation { addNote(id: "1", text: "x") { id } }')).toEqual({
      data: { addNote: { id: '1' } }
    })
  })

  test('does not run when one behind it is denied (A36)', async () => {
    const query = 'mutation { a: addNote(id: "1", text: "x") { id } b: cancelOrder(id: "1") { id } }'
    await expect(trade.ask(partner, query)).rejects.toMatchObject(refusal(denied(['b'])))
    expect(trade.asked()).toBe('')
    expect((await trade.ask(admin, query)).data).toEqual({ a: { id: '1' }, b: { id: '1' } })
  })

  test('does not run when an argument gives what its caller may not (A38)', async () => {
    const query = 'mutation { addNote(id: "1", text: "x", visibility: INTERNAL) { id } }'
    await expect(trade.ask(partner, query)).rejects.toMatchObject(refusal(denied(['addNote'])))
    const variable = 'mutation ($v: Visibility) { addNote(id: "1", text: "x", visibility: $v) { id } }'
    await expect(trade.ask(partner, variable, { v: 'INTERNAL' })).rejects.toMatchObject({ status: 403 })
    expect(trade.asked()).toBe('')
    expect(await trade.ask(partner, variable)).toEqual({ data: { addNote: { id: '1' } } })
    expect(await trade.ask(admin, variable, { v: 'INTERNAL' })).toEqual({ data: { addNote: { id: '1' } } })
  })
})

describe('an argument', () => {
  test('of a denied enum or scalar denies its field, however deep it stands (A21, A38)', async () => {
    for (const given of [
      'visibility: PUBLIC',
      'where: { visibility: PUBLIC }',
      'where: { any: [{ visibility: PUBLIC }] }'
    ]) {
      expect(await trade.ask(logi, `{ ledger { id } orders(${given}) { id } }`)).toEqual({
        data: { ledger: [{ id: 'l1' }, { id: 'l2' }], orders: null },
        errors: [denied(['orders'])]
      })
      expect(trade.asked()).not.toContain('orders')
    }
    const empty = '{ orders(visibility: null, where: { text: "a", visibility: null }) { id } }'
    expect(await trade.ask(logi, empty)).toEqual({ data: { orders: [{ id: '1' }, { id: '2' }] } })
  })

  test('that a variable gives refuses the request when the values are denied, and then alone (A38)', async () => {
    const query =
      'query ($where: OrderFilter, $show: Boolean!) { orders(where: $where) @include(if: $show) { id } ledger { id } }'
    for (const where of [{ visibility: 'PUBLIC' }, { any: [{ text: 'a' }, { visibility: 'PUBLIC' }] }]) {
      const refused = trade.ask(logi, query, { where, show: true })
      await expect(refused).rejects.toMatchObject({
        status: 403,
        errors: [
          expect.objectContaining({
            message: 'Unauthorized field or type',
            path: undefined,
            extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', affectedPath: '$where' }
          })
        ]
      })
      expect(trade.asked()).toBe('')
      expect((await trade.ask(logi, query, { where, show: false })).errors).toBeUndefined()
      expect((await trade.ask(admin, query, { where, show: true })).errors).toBeUndefined()
    }
    const harmless = { text: 'a', any: [{ visibility: null }] }
    expect((await trade.ask(logi, query, { where: harmless, show: true })).errors).toBeUndefined()
  })
})

describe('the reject mode', () => {
  const strict = guard(TRADE, { mode: 'reject' })

  test('refuses a query of which anything is denied, and names every place', async () => {
    const query = '{ order(id: "1") { id marginPct } timeline { ... on PaymentEvent { amount } } }'
    await expect(strict.ask(logi, query)).rejects.toMatchObject(
      refusal(denied(['order', 'marginPct']), denied(['timeline'], 'timeline.... on PaymentEvent'))
    )
    expect(strict.asked()).toBe('')
    expect((await strict.ask(admin, query)).errors).toBeUndefined()
    await expect(strict.ask(logi, query)).rejects.toMatchObject({ status: 403 })
  })

  test('answers what is allowed, and what conditions leave out (A30)', async () => {
    const query = 'query ($v: Boolean!) { order(id: "1") { id marginPct @include(if: $v) } }'
    expect(await strict.ask(logi, query, { v: false })).toEqual({ data: { order: { id: '1' } } })
    await expect(strict.ask(logi, query, { v: true })).rejects.toMatchObject({ status: 403 })
    expect(await strict.ask(logi, query, { v: false })).toEqual({ data: { order: { id: '1' } } })
  })
})

describe('a subscription', () => {
  const { engine } = trade.federation
  const prepare = (query: string, variables = {}) => engine.prepare({ query, variables }, trade.as(logi))
  const event = { payload: { __typename: 'Order', id: '1', marginPct: 12.5, internalNote: 'rush' } }

  test('without a root field that its caller may have does not start', async () => {
    const query = 'subscription { orderAudited { id } }'
    await expect(engine.source(prepare(query), trade.as(logi))).rejects.toMatchObject(refusal(denied(['orderAudited'])))
    const nothing = 'subscription { orderChanged { marginPct } }'
    await expect(engine.source(prepare(nothing), trade.as(logi))).rejects.toMatchObject({ status: 403 })
    await expect(engine.deliver(prepare(query), trade.as(logi), event)).rejects.toMatchObject({ status: 403 })
  })

  test('does not start with values that its caller may not use', async () => {
    const query = 'subscription ($where: OrderFilter) { orderChanged(where: $where) { id } }'
    const denied = prepare(query, { where: { visibility: 'PUBLIC' } })
    await expect(engine.source(denied, trade.as(logi))).rejects.toMatchObject({ status: 403 })
    expect(await engine.source(prepare(query, { where: { text: 'a' } }), trade.as(logi))).toMatchObject({
      subgraph: 'sales'
    })
  })

  test('shows each subscriber its own part of the same event (A66)', async () => {
    const query = 'subscription { orderChanged { id marginPct note: internalNote } }'
    for (const [who, shown] of [
      [logi, { id: '1', marginPct: null, note: null }],
      [admin, { id: '1', marginPct: 12.5, note: 'rush' }],
      [logi, { id: '1', marginPct: null, note: null }]
    ] as const) {
      const prepared = engine.prepare({ query }, trade.as(who))
      const { data, errors } = await engine.deliver(prepared, trade.as(who), event)
      expect(data).toEqual({ orderChanged: shown })
      expect(errors?.length ?? 0).toBe(who === logi ? 2 : 0)
    }
  })
})

describe('a root type', () => {
  const renamed = guard({
    room: {
      sdl: `${LINK}
        schema { query: Reading mutation: Writing }
        type Reading @policy(policies: [["ops.read"]]) { a: Int  b: Int }
        type Writing @authenticated { c: Int }`,
      root: { a: 1, b: 2, c: 3 }
    }
  })

  test('takes its rule under any name, for each of its fields (A23)', async () => {
    expect(await renamed.ask(anon, '{ __typename a b }')).toEqual({
      data: { __typename: 'Query', a: null, b: null },
      errors: [denied(['a']), denied(['b'])]
    })
    await expect(renamed.ask(anon, 'mutation { c }')).rejects.toMatchObject(refusal(denied(['c'])))
    expect(renamed.asked()).toBe('')
    expect(await renamed.ask(partner, 'mutation { c }')).toEqual({ data: { c: 3 } })
    expect(await renamed.ask(admin, '{ a b }')).toEqual({ data: { a: 1, b: 2 } })
  })
})

describe('a key', () => {
  const shop = guard({
    products: {
      sdl: `${LINK} type Query { product: Product } type Product @key(fields: "id") { id: ID! @authenticated  name: String! }`,
      root: { product: { id: 'KEY-7', name: 'bolt' } }
    },
    stock: {
      sdl: `${LINK} type Product @key(fields: "id") { id: ID! @authenticated  inStock: Boolean! }`,
      resolvers: { Product: { __resolveReference: () => ({ inStock: true }) } } as never
    }
  })

  test('that is denied joins what it must, and is never shown (A41)', async () => {
    expect(await shop.ask(anon, '{ product { name inStock } }')).toEqual({
      data: { product: { name: 'bolt', inStock: true } }
    })
    const answer = await shop.ask(anon, '{ product { name id inStock } }')
    expect(answer).toEqual({ data: { product: null }, errors: [denied(['product', 'id'])] })
    expect(shop.asked()).toBe('')
    shop.federation.intercept = subgraph =>
      subgraph === 'stock' ? { data: { _entities: [null] }, errors: [] } : undefined
    expect(JSON.stringify(await shop.ask(anon, '{ product { name inStock } }'))).not.toContain('KEY-7')
    shop.federation.intercept = null
    expect((await shop.ask(partner, '{ product { id } }')).data).toEqual({ product: { id: 'KEY-7' } })
  })
})
