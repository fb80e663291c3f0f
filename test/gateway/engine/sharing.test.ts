import { federate, overTheWire } from '../../support/federation.ts'

const RATE: Readonly<Record<string, number>> = { USD: 7, EUR: 8 }

/** Shipping is made of the price in dollars, duty of the price in euros: two values of one field of one product. */
const federation = federate({
  boxes: {
    sdl: `
      type Query { boxes: [Holder!]! crates: [Holder!]! }
      interface Holder { id: ID! }
      type Box implements Holder @key(fields: "id", resolvable: false) { id: ID! }
      type Crate implements Holder @key(fields: "id", resolvable: false) { id: ID! }`,
    root: {
      boxes: [
        { __typename: 'Box', id: '1' },
        { __typename: 'Crate', id: '2' },
        { __typename: 'Box', id: '1' }
      ],
      crates: [
        { __typename: 'Box', id: '1' },
        { __typename: 'Crate', id: '2' }
      ]
    }
  },
  contents: {
    sdl: `
      type Box @key(fields: "id") { id: ID! product: Product }
      type Crate @key(fields: "id") { id: ID! product: Product }
      type Product @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Box: { __resolveReference: ({ id }: { id: string }) => ({ id, product: { id: 'p' } }) },
      Crate: { __resolveReference: ({ id }: { id: string }) => ({ id, product: { id: 'p' } }) }
    } as never
  },
  prices: {
    sdl: 'type Query { none: Int } type Product @key(fields: "id") { id: ID! price(currency: String!): Int }',
    resolvers: {
      Product: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        price: (_: unknown, { currency }: { currency: string }) => RATE[currency]
      }
    } as never
  },
  customs: {
    sdl: `
      type Query { nothing: Int }
      type Product @key(fields: "id") {
        id: ID!
        price(currency: String!): Int @external
        shipping: Int @requires(fields: "price(currency: \\"USD\\")")
        duty: Int @requires(fields: "price(currency: \\"EUR\\")")
      }`,
    resolvers: {
      Product: {
        __resolveReference: (ref: object) => ref,
        shipping: ({ price }: { price: number }) => price * 100,
        duty: ({ price }: { price: number }) => price * 1000
      }
    } as never
  }
})

describe('equal entities in several places', () => {
  test.each([
    [
      'are fetched once',
      '{ boxes { ... on Box { product { shipping } } } }',
      { boxes: [{ product: { shipping: 700 } }, {}, { product: { shipping: 700 } }] }
    ],
    [
      'keep apart what was selected along different paths',
      '{ boxes { ... on Box { product { shipping } } } crates { ... on Box { product { duty } } } }',
      {
        boxes: [{ product: { shipping: 700 } }, {}, { product: { shipping: 700 } }],
        crates: [{ product: { duty: 8000 } }, {}]
      }
    ]
  ])('%s', async (_, query, data) => {
    expect(overTheWire(await federation.run(query))).toEqual({ data })
  })
})
