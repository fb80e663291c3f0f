import { composed, type TestSubgraph } from '../../support/federation.ts'
import { anon, denied, fin, guard, having, LINK, logi, partner } from './graph.ts'

const both = having({ policies: ['finance.read', 'logistics.read'] })
const room = (sdl: string, root: TestSubgraph['root'] = {}, link = LINK): TestSubgraph => ({
  sdl: link + sdl,
  root,
  ...(sdl.includes('@key') && { resolvers: { Order: { __resolveReference: (order: object) => order } } as never })
})
const ORDER = { id: '1', margin: 12, price: 9 }

describe('rules of two departments', () => {
  test('on the same field must both be met (A15, A17)', async () => {
    const graph = guard({
      sales: room('type Query { price: Int @shareable @policy(policies: [["finance.read"]]) }', { price: 9 }),
      logistics: room('type Query { price: Int @shareable @policy(policies: [["logistics.read"]]) free: Int }', {
        price: 9,
        free: 1
      })
    })
    for (const who of [logi, fin]) {
      expect(await graph.ask(who, '{ price free }')).toEqual({
        data: { price: null, free: 1 },
        errors: [denied(['price'])]
      })
      expect(graph.asked()).not.toContain('price')
      expect(await graph.ask(both, '{ price free }')).toEqual({ data: { price: 9, free: 1 } })
    }
  })

  test('of different kinds must both be met (A16)', async () => {
    const graph = guard({
      sales: room('type Query { price: Int @shareable @authenticated }', { price: 9 }),
      logistics: room('type Query { price: Int @shareable @requiresScopes(scopes: [["read:price"]]) }', { price: 9 })
    })
    const scoped = having({ scopes: ['read:price'] })
    expect((await graph.ask(partner, '{ price }')).data).toEqual({ price: null })
    expect((await graph.ask({ ...scoped, authenticated: false }, '{ price }')).data).toEqual({ price: null })
    expect((await graph.ask(scoped, '{ price }')).data).toEqual({ price: 9 })
  })

  test('hold whichever of them answers, and after a field has moved (A17, A18)', async () => {
    const graph = guard({
      sales: room(
        `type Query { order: Order }
         type Order @key(fields: "id") {
           id: ID!  price: Int @shareable @policy(policies: [["finance.read"]])  margin: Int @policy(policies: [["finance.read"]])
         }`,
        { order: ORDER }
      ),
      finance: room(
        `type Query { best: Order }
         type Order @key(fields: "id") { id: ID!  price: Int @shareable  margin: Int @override(from: "sales") }`,
        { best: ORDER }
      )
    })
    for (const root of ['order', 'best']) {
      expect(await graph.ask(logi, `{ ${root} { id price margin } }`)).toEqual({
        data: { [root]: { id: '1', price: null, margin: null } },
        errors: [denied([root, 'price']), denied([root, 'margin'])]
      })
      expect(graph.asked()).not.toMatch(/price|margin/)
    }
  })
})

describe('rules that were composed', () => {
  test('under another name hold (A9)', async () => {
    const link = (imports: string) =>
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n`
    const graph = guard({
      sales: room(
        'type Query { margin: Int @contract(policies: [["finance.read"]])  note: Int @federation__authenticated }',
        { margin: 12, note: 1 },
        link('{ name: "@policy", as: "@contract" }')
      )
    })
    expect(await graph.ask(anon, '{ margin note }')).toEqual({
      data: { margin: null, note: null },
      errors: [denied(['margin']), denied(['note'])]
    })
    expect(await graph.ask(fin, '{ margin note }')).toEqual({ data: { margin: 12, note: 1 } })
  })

  test('under a name that a later step gave them hold (A9)', async () => {
    const graph = guard(
      { sales: room('type Query { margin: Int @policy(policies: [["finance.read"]]) }', { margin: 12 }) },
      {
        edit: sdl =>
          sdl
            .replace('policy/v0.1"', 'policy/v0.1", import: [{ name: "@policy", as: "@contract" }]')
            .replaceAll('@policy(', '@contract(')
      }
    )
    expect(graph.federation.supergraphSdl).toContain('margin: Int @contract(')
    expect((await graph.ask(logi, '{ margin }')).errors).toEqual([denied(['margin'])])
    expect(graph.asked()).toBe('')
  })

  test('without the checks of composition hold for what is made of them (A10)', async () => {
    const graph = guard(
      {
        sales: room(
          'type Query { order: Order } type Order @key(fields: "id") { id: ID!  margin: Int @policy(policies: [["finance.read"]]) }',
          { order: ORDER }
        ),
        logistics: {
          sdl: `${LINK} type Order @key(fields: "id") {
            id: ID!  margin: Int @external  tier: String @requires(fields: "margin") @policy(policies: [["finance.read"]]) }`,
          resolvers: {
            Order: { __resolveReference: (o: object) => o, tier: ({ margin }: { margin: number }) => `t${margin}` }
          } as never
        }
      },
      { edit: sdl => sdl.replace(/(tier: String @join__field\([^)]*\)) @policy\(.*/, '$1') }
    )
    expect(graph.federation.supergraphSdl).toMatch(/tier: String @join__field\([^)]*\)\n/)
    expect(await graph.ask(logi, '{ order { id tier } }')).toEqual({
      data: { order: { id: '1', tier: null } },
      errors: [denied(['order', 'tier'])]
    })
    expect(graph.asked()).not.toMatch(/margin|tier/)
    expect(await graph.ask(fin, '{ order { tier } }')).toEqual({ data: { order: { tier: 't12' } } })
  })

  test('on an interface hold for whoever asks an implementation, which composition forbids to write (A1)', async () => {
    const party = (rule: string) => ({
      people: room(
        `type Query { party: Party } interface Party { id: ID!  taxId: String ${rule} } type Customer implements Party { id: ID!  taxId: String }`,
        { party: { __typename: 'Customer', id: 'c', taxId: 'T' } }
      ),
      other: room('type Query { a: Int @authenticated  b: Int @policy(policies: [["x"]]) }', { a: 1 })
    })
    expect(() => composed(party('@policy(policies: [["finance.read"]])'))).toThrow('cannot be applied on interfaces')
    const graph = guard(party(''), {
      edit: sdl => sdl.replace(/(interface Party[^}]*taxId: String)/, '$1 @policy(policies: [["finance.read"]])')
    })
    expect(await graph.ask(logi, '{ party { id ... on Customer { taxId } } }')).toEqual({
      data: { party: { id: 'c', taxId: null } },
      errors: [denied(['party', 'taxId'])]
    })
    expect(graph.asked()).not.toContain('taxId')
    expect((await graph.ask(fin, '{ party { ... on Customer { taxId } } }')).data).toEqual({ party: { taxId: 'T' } })
  })
})
