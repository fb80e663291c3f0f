import { anon, denied, expectAnswer, fin, guard, logi, partner, TRADE } from './graph.ts'

const trade = guard(TRADE)

describe('a field that is denied', () => {
  test('is null, and the rest is answered', async () => {
    await expectAnswer(trade, logi, '{ order(id: "1") { id marginPct shipment { eta cost } } }', {
      data: { order: { id: '1', marginPct: null, shipment: { eta: 'soon', cost: null } } },
      errors: [denied(['order', 'marginPct']), denied(['order', 'shipment', 'cost'])],
      never: ['marginPct', 'cost']
    })
  })

  test('is also one that its subgraph makes of what is denied (A10, A14)', async () => {
    await expectAnswer(trade, logi, '{ order(id: "1") { id insuranceTier } }', {
      data: { order: { id: '1', insuranceTier: null } },
      errors: [denied(['order', 'insuranceTier'])],
      never: ['marginPct', 'insuranceTier']
    })
    expect(await trade.ask(fin, '{ order(id: "1") { insuranceTier } }')).toEqual({
      data: { order: { insuranceTier: 'tier of 12.5' } }
    })
  })

  test('is also one whose scalar is, in lists too (A21)', async () => {
    await expectAnswer(trade, fin, '{ order(id: "1") { id customer { name email } } }', {
      data: { order: { id: '1', customer: { name: 'Ada', email: null } } },
      errors: [denied(['order', 'customer', 'email'])],
      never: ['email']
    })
    await expectAnswer(trade, fin, '{ order(id: "1") { id customer { emails } } }', {
      data: { order: null },
      errors: [denied(['order', 'customer', 'emails'])],
      never: ['emails']
    })
  })

  test('is known by its name under any alias, and the error has the alias (A28, A29)', async () => {
    await expectAnswer(trade, logi, '{ order(id: "1") { id x: marginPct status: internalNote } }', {
      data: { order: { id: '1', x: null, status: null } },
      errors: [denied(['order', 'x']), denied(['order', 'status'])],
      never: ['marginPct', 'internalNote']
    })
  })

  test('is found in fragments without a condition, or with a directive alone (A27)', async () => {
    const query = '{ order(id: "1") { id ...{ marginPct } ... @include(if: true) { internalNote } } }'
    await expectAnswer(trade, logi, query, {
      data: { order: { id: '1', marginPct: null, internalNote: null } },
      errors: [denied(['order', 'marginPct']), denied(['order', 'internalNote'])],
      never: ['marginPct', 'internalNote']
    })
  })

  test('is found through fragments within each other, where an operation uses them (A26)', async () => {
    const query = `
      query A { ...F1 }
      query B { customer { ...G } order(id: "1") { id } }
      fragment F1 on Query { order(id: "1") { ...F2 } }
      fragment F2 on Order { id ...F3 }
      fragment F3 on Order { marginPct customer { ...G } }
      fragment G on Party { name }`
    expect(await trade.ask(logi, query, {}, 'A')).toEqual({
      data: { order: { id: '1', marginPct: null, customer: { name: 'Ada' } } },
      errors: [denied(['order', 'marginPct'])]
    })
    expect(trade.asked()).not.toContain('marginPct')
    expect(await trade.ask(logi, query, {}, 'B')).toEqual({ data: { customer: { name: 'Ada' }, order: { id: '1' } } })
  })

  test('makes no error where it is left out, on a warm plan too (A30)', async () => {
    const query = 'query ($v: Boolean!) { order(id: "1") { id marginPct @include(if: $v) } }'
    for (const v of [false, true, false, true]) {
      expect(await trade.ask(logi, query, { v })).toEqual({
        data: { order: { id: '1', ...(v && { marginPct: null }) } },
        ...(v && { errors: [denied(['order', 'marginPct'])] })
      })
      expect(trade.asked()).not.toContain('marginPct')
      expect(await trade.ask(fin, query, { v })).toEqual({
        data: { order: { id: '1', ...(v && { marginPct: 12.5 }) } }
      })
    }
  })

  test('decides nothing in an operation that is not the one asked for (A31)', async () => {
    const query = 'query Pub { order(id: "1") { id } } query Sec { order(id: "1") { id marginPct } }'
    expect(await trade.ask(logi, query, {}, 'Pub')).toEqual({ data: { order: { id: '1' } } })
    expect((await trade.ask(logi, query, {}, 'Sec')).errors).toEqual([denied(['order', 'marginPct'])])
    await expect(trade.ask(logi, query)).rejects.toMatchObject({ status: 400 })
  })

  test('is never asked for, and neither is what would then hold nothing (A32)', async () => {
    const query = 'query ($id: ID!) { order(id: $id) { marginPct } ledger { id } }'
    await expectAnswer(trade, logi, query, {
      variables: { id: '1' },
      data: { order: null, ledger: [{ id: 'l1' }, { id: 'l2' }] },
      errors: [denied(['order', 'marginPct'])],
      never: ['order', 'marginPct']
    })
    expect(
      await trade.ask(logi, '{ order(id: "1") { marginPct } timeline { ... on PaymentEvent { amount } } }')
    ).toEqual({
      data: null,
      errors: [denied(['order', 'marginPct']), denied(['timeline'], 'timeline.... on PaymentEvent')]
    })
    expect(trade.asked()).toBe('')
  })

  test('moves its null up to the nearest place that may be null, and no further (A33)', async () => {
    await expectAnswer(trade, logi, '{ order(id: "1") { id } ledger { id entries { text amount } } }', {
      data: {
        order: { id: '1' },
        ledger: [
          { id: 'l1', entries: null },
          { id: 'l2', entries: [] }
        ]
      },
      errors: [denied(['ledger', 'entries', 'amount'])],
      never: ['amount']
    })
    await expectAnswer(trade, logi, '{ order(id: "1") { id } ledger { id total } }', {
      data: { order: { id: '1' }, ledger: null },
      errors: [denied(['ledger', 'total'])],
      never: ['total']
    })
    expect(await trade.ask(partner, '{ customer { name emails } order(id: "1") { id } }')).toEqual({
      data: null,
      errors: [denied(['customer', 'emails'])]
    })
    expect(trade.asked()).toBe('')
  })

  test('makes one error for each selection of it, and a hundred at most (A33)', async () => {
    const once = '{ order(id: "1") { id marginPct ...{ marginPct } ...F } } fragment F on Order { marginPct }'
    expect((await trade.ask(logi, once)).errors).toEqual([denied(['order', 'marginPct'])])
    const wide = guard(TRADE, { limits: { aliases: 500 } })
    const aliases = Array.from({ length: 150 }, (_, i) => `m${i}: marginPct`)
    const { data, errors } = await wide.ask(logi, `{ order(id: "1") { id ${aliases.join(' ')} } }`)
    expect(errors).toHaveLength(100)
    expect(Object.values(data?.['order'] ?? {})).toEqual(['1', ...aliases.map(() => null)])
  })

  test('says neither which rule denied it, nor what the caller has (A76)', async () => {
    const { errors } = await trade.ask(fin, '{ order(id: "1") { id customer { email } internalNote } }')
    expect(JSON.stringify(errors)).not.toMatch(/pii|ops|finance|polic|scope/i)
  })

  test('is not written by a subgraph that answers more than it was asked (A42)', async () => {
    trade.federation.intercept = (subgraph, { operation }) =>
      subgraph === 'sales' && operation.text.includes('order(')
        ? { data: { order: { __typename: 'Order', id: '1', marginPct: 12.5, internalNote: 'rush' } } }
        : undefined
    try {
      expect(await trade.ask(logi, '{ order(id: "1") { id marginPct status: internalNote } }')).toEqual({
        data: { order: { id: '1', marginPct: null, status: null } },
        errors: [denied(['order', 'marginPct']), denied(['order', 'status'])]
      })
    } finally {
      trade.federation.intercept = null
    }
  })
})

describe('a type that is denied', () => {
  test('denies the fields that hold it, to whoever is nobody (A20)', async () => {
    await expectAnswer(trade, anon, '{ order(id: "1") { id } audit { by } }', {
      data: { order: { id: '1' }, audit: null },
      errors: [denied(['audit'])],
      never: ['audit']
    })
    expect(await trade.ask(partner, '{ audit { by } }')).toEqual({ data: { audit: { by: 'Eve' } } })
  })

  test('is asked of no entry point: the subgraphs have their own (A40)', async () => {
    await expect(trade.ask(logi, '{ _service { sdl } }')).rejects.toMatchObject({ status: 400 })
    const entities = '{ _entities(representations: [{ __typename: "Order", id: "1" }]) { ... on Order { marginPct } } }'
    await expect(trade.ask(logi, entities)).rejects.toMatchObject({ status: 400 })
  })

  test('has no deferred part, as nothing has (A39)', async () => {
    await expect(trade.ask(logi, '{ order(id: "1") { id ... @defer { marginPct } } }')).rejects.toMatchObject({
      status: 400
    })
  })
})
