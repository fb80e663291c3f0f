import { denied, expectAnswer, fin, guard, having, LINK, logi, procurement, TRADE } from './graph.ts'

const trade = guard(TRADE)

describe('an interface', () => {
  test('is denied as a whole where one of its types is, whichever type is there (A3)', async () => {
    for (const id of ['c1', 's1', 'nobody']) {
      const { data, errors } = await trade.ask(fin, `{ party(id: "${id}") { id name } }`)
      expect({ data, errors }).toEqual({ data: { party: null }, errors: [denied(['party'])] })
      expect(trade.asked()).toBe('')
    }
    expect((await trade.ask(procurement, '{ party(id: "s1") { id } }')).data).toEqual({ party: { id: 's1' } })
  })

  test('has a field only for those who may have it of every type (A2)', async () => {
    await expectAnswer(trade, procurement, '{ party(id: "c1") { id taxId } }', {
      data: { party: { id: 'c1', taxId: null } },
      errors: [denied(['party', 'taxId'])],
      never: ['taxId']
    })
    const both = having({ policies: ['finance.read', 'procurement.read'] })
    expect(await trade.ask(both, '{ party(id: "c1") { taxId } }')).toEqual({ data: { party: { taxId: 'TAX-C' } } })
  })

  test('does not take the rules of types that cannot be there (A2)', async () => {
    expect(await trade.ask(logi, '{ customer { ... on Party { id name } } }')).toEqual({
      data: { customer: { id: 'c1', name: 'Ada' } }
    })
  })

  test('keeps what is asked of the types that are not denied (A4, A7)', async () => {
    const query = '{ parties { ... on Customer { id taxId } ... on Supplier { id bankAccount } } }'
    await expectAnswer(trade, fin, query, {
      data: { parties: [{ id: 'c1', taxId: 'TAX-C' }] },
      errors: [denied(['parties'], 'parties.... on Supplier')],
      never: ['Supplier', 'bankAccount']
    })
    expect(await trade.ask(procurement, query)).toEqual({
      data: {
        parties: [
          { id: 'c1', taxId: null },
          { id: 's1', bankAccount: 'IBAN-1' }
        ]
      },
      errors: [denied(['parties', 'taxId'])]
    })
    expect(trade.asked()).not.toContain('taxId')
  })

  test('shows a key of one type although the same key of another is denied (A6)', async () => {
    const query = '{ parties { ... on Customer { t: taxId } ... on Supplier { t: taxId } } }'
    expect(await trade.ask(procurement, query)).toEqual({
      data: { parties: [{ t: null }, { t: 'TAX-S' }] },
      errors: [denied(['parties', 't'])]
    })
    const mixed = '{ parties { taxId ... on Supplier { taxId } } }'
    expect(await trade.ask(procurement, mixed)).toEqual({
      data: { parties: [{ taxId: null }, { taxId: 'TAX-S' }] },
      errors: [denied(['parties', 'taxId'])]
    })
  })
})

describe('a union', () => {
  test('loses the fragments and the rows of a member that is denied (A4)', async () => {
    const query = '{ timeline { ... on StatusChange { title } ... on PaymentEvent { title amount } } }'
    await expectAnswer(trade, logi, query, {
      data: { timeline: [{ title: 'shipped' }, { title: 'completed' }] },
      errors: [denied(['timeline'], 'timeline.... on PaymentEvent')],
      never: ['PaymentEvent', 'amount']
    })
  })

  test('does not tell that there is a row of a denied member (A5)', async () => {
    const changes = [{ __typename: 'StatusChange' }, { __typename: 'StatusChange' }]
    expect(await trade.ask(logi, '{ timeline { __typename } }')).toEqual({ data: { timeline: changes } })
    expect((await trade.ask(fin, '{ timeline { __typename } }')).data).toEqual({
      timeline: [changes[0], { __typename: 'PaymentEvent' }, changes[1]]
    })
    for (const q of ['s1', 'nothing']) {
      expect(await trade.ask(fin, `{ hit(q: "${q}") { __typename } }`)).toEqual({ data: { hit: null } })
    }
    expect((await trade.ask(fin, '{ hit(q: "1") { __typename } }')).data).toEqual({ hit: { __typename: 'Order' } })
  })

  test('decides by type where two members share a response key (A6)', async () => {
    const query = '{ timeline { ... on StatusChange { t: title } ... on PaymentEvent { t: title } } }'
    await expectAnswer(trade, logi, query, {
      data: { timeline: [{ t: 'shipped' }, { t: 'completed' }] },
      errors: [denied(['timeline'], 'timeline.... on PaymentEvent')],
      never: ['PaymentEvent']
    })
  })

  test('takes for each member what that member takes (A7)', async () => {
    const query = '{ search(q: "x") { ... on Order { marginPct } ... on Customer { email } ... on Supplier { id } } }'
    const pii = having({ policies: ['pii.read'] })
    expect(await trade.ask(pii, query)).toEqual({
      data: { search: [{ marginPct: null }, { email: 'ada@example.org' }] },
      errors: [denied(['search', 'marginPct']), denied(['search'], 'search.... on Supplier')]
    })
    expect(trade.asked()).not.toMatch(/marginPct|Supplier/)
    expect(await trade.ask(fin, query)).toEqual({
      data: { search: [{ marginPct: 12.5 }, { email: null }] },
      errors: [denied(['search', 'email']), denied(['search'], 'search.... on Supplier')]
    })
    expect(trade.asked()).not.toContain('email')
  })

  test('shows no field on a type for which it was not selected (A8)', async () => {
    const query = '{ search(q: "x") { ... on Order { m: internalNote } ... on Supplier { m: bankAccount } } }'
    expect(await trade.ask(procurement, query)).toEqual({
      data: { search: [{ m: null }, {}, { m: 'IBAN-1' }] },
      errors: [denied(['search', 'm'])]
    })
    expect(trade.asked()).not.toContain('internalNote')
  })

  test('loses a fragment on an interface of which some type is denied, and keeps its other members (A3, A7)', async () => {
    const query = '{ search(q: "x") { __typename ... on Order { id } ... on Party { label: name } } }'
    await expectAnswer(trade, logi, query, {
      data: { search: [{ __typename: 'Order', id: '1' }, { __typename: 'Customer' }] },
      errors: [denied(['search'], 'search.... on Party')],
      never: ['{name}']
    })
  })

  test('stays where only a fragment of it is denied and it may not be null (A33)', async () => {
    await expectAnswer(trade, logi, '{ order(id: "1") { id timeline { ... on PaymentEvent { amount } } } }', {
      data: { order: { id: '1', timeline: [{}, {}] } },
      errors: [denied(['order', 'timeline'], 'order.timeline.... on PaymentEvent')],
      never: ['amount']
    })
  })
})

describe('an interface object', () => {
  const parties = guard({
    people: {
      sdl: `${LINK}
        type Query { parties: [Party!]! anyone: Party }
        interface Party @key(fields: "id") { id: ID!  name: String }
        type Person implements Party @key(fields: "id") { id: ID!  name: String  secret: String @policy(policies: [["finance.read"]]) }
        type Spy implements Party @key(fields: "id") @policy(policies: [["ops.read"]]) { id: ID!  name: String }`,
      resolvers: {
        Party: {
          __resolveReference: ({ id }: { id: string }) => ({
            __typename: id === '1' ? 'Person' : 'Spy',
            id,
            name: `n${id}`
          })
        },
        Person: { secret: () => 'hush' }
      } as never,
      root: {
        parties: [
          { __typename: 'Person', id: '1', name: 'n1' },
          { __typename: 'Spy', id: '2', name: 'n2' }
        ],
        anyone: { __typename: 'Spy', id: '2', name: 'n2' }
      }
    },
    ratings: {
      sdl: `${LINK}
        type Query { rated: [Party!]! }
        type Party @key(fields: "id") @interfaceObject {
          id: ID!  rating: Int @policy(policies: [["finance.read"]])  stars: Int
        }`,
      resolvers: {
        Party: { __resolveReference: (party: object) => party, rating: () => 5, stars: () => 3 }
      } as never,
      root: { rated: [{ id: '1' }, { id: '2' }] }
    }
  })
  const ops = having({ policies: ['ops.read'] })

  test('brings its rules to every type that has its fields (A19)', async () => {
    await expectAnswer(parties, ops, '{ parties { name ... on Person { rating } } }', {
      data: { parties: [{ name: 'n1', rating: null }, { name: 'n2' }] },
      errors: [denied(['parties', 'rating'])],
      never: ['rating']
    })
    expect(await parties.ask(ops, '{ rated { stars rating } }')).toEqual({
      data: {
        rated: [
          { stars: 3, rating: null },
          { stars: 3, rating: null }
        ]
      },
      errors: [denied(['rated', 'rating'])]
    })
    expect(parties.asked()).not.toContain('rating')
  })

  test('tells nothing of rows whose type is denied, although its subgraph knows no types (A5, A19)', async () => {
    const { data, errors } = await parties.ask(fin, '{ rated { ... on Person { stars } } }')
    expect({ data, errors }).toEqual({ data: { rated: [{ stars: 3 }] }, errors: undefined })
    expect(await parties.ask(fin, '{ rated { __typename } }')).toEqual({ data: { rated: [{ __typename: 'Person' }] } })
    expect((await parties.ask(fin, '{ rated { stars } }')).errors).toEqual([denied(['rated'])])
    expect(parties.asked()).toBe('')
  })
})
