import { GraphQLError } from 'graphql'
import type { TestSubgraph } from './federation.ts'

/**
 * A small shop over five subgraphs, and the same data as one graph: objects whose properties are the fields, so that
 * graphql-js alone, over the public schema, says what every answer must be.
 */
type Thing = Record<string, unknown>

const shop = new Map<string, Thing>()
const add = (typename: string, id: string, fields: Thing): Thing => {
  const thing = { __typename: typename, id, ...fields }
  shop.set(`${typename}:${id}`, thing)
  return thing
}
const all = (typename: string): Thing[] => [...shop.values()].filter(thing => thing['__typename'] === typename)
const get = (typename: string, id: unknown): Thing | null => shop.get(`${typename}:${id}`) ?? null
const take = <Item>(items: Item[], first: unknown): Item[] =>
  typeof first === 'number' ? items.slice(0, first) : items

/** Whether some fields fail for some rows. */
export const luck = { bad: true }

/** A field that fails, as its subgraph would say it. */
const unlucky = (value: unknown, fails: boolean) => () => {
  if (fails && luck.bad) throw new GraphQLError('no luck', { extensions: { code: 'NOT_FOUND' } })
  return value
}

for (let i = 1; i <= 4; i++) {
  const user = add('User', `u${i}`, {
    name: `User ${i}`,
    nick: i === 3 ? null : `nick${i}`,
    color: ['RED', 'GREEN', null, 'RED'][i - 1],
    visits: i * 7,
    address: i === 4 ? null : { street: `Street ${i}`, city: { name: `City ${i % 2}`, zip: String(1000 + i) } }
  })
  user['flaky'] = unlucky(`flaky ${i}`, i === 2)
  user['sure'] = unlucky(`sure ${i}`, i === 3)
  user['friend'] = () => get('User', `u${(i % 4) + 1}`)
  user['bestFriend'] = () => (i === 2 ? null : get('User', `u${((i + 1) % 4) + 1}`))
  user['reviews'] = ({ first }: Thing) =>
    take(
      all('Review').filter(r => r['authorId'] === `u${i}`),
      first
    )
  user['greeting'] = ({ word, loud }: Thing) => `${word} ${user['name']}${loud ? '!' : '.'}`
}
for (let i = 1; i <= 3; i++) {
  const product = add('Product', `p${i}`, {
    sku: { code: `c${i}`, region: i === 2 ? null : 'eu' },
    title: `Product ${i}`,
    price: i * 100,
    weight: i === 3 ? null : i * 10,
    dimensions: [{ side: i }, { side: i + 1 }],
    tags: [`t${i}`, 'all'],
    grid: [[i, 2], [null, i], null]
  })
  product['reviews'] = () => all('Review').filter(r => r['productId'] === `p${i}`)
  product['priceIn'] = ({ currency }: Thing) => `${product['price']} ${currency}`
  product['shipping'] = ({ express }: Thing) => shipping(product, express)
  product['boxes'] = () => boxes(product['dimensions'])
  product['stock'] = () => i * 3
  product['sure'] = unlucky(i, i === 2)
}
for (let i = 1; i <= 6; i++) {
  const review = add('Review', `r${i}`, {
    text: i === 5 ? null : `Review ${i}`,
    stars: i,
    authorId: `u${(i % 4) + 1}`,
    productId: `p${(i % 3) + 1}`
  })
  review['flaky'] = unlucky([i], i === 4)
  review['author'] = () => get('User', review['authorId'])
  review['product'] = () => get('Product', review['productId'])
}
for (let i = 1; i <= 2; i++)
  add('Book', `b${i}`, { title: `Book ${i}`, pages: i * 50, rating: i, by: () => get('User', `u${i}`) })
add('Film', 'f1', { title: 'Film 1', minutes: 90, rating: 5, by: () => get('User', 'u3') })

export function shipping({ price, weight }: Thing, express: unknown): number | null {
  return weight === null ? null : Number(price) + Number(weight) * (express ? 2 : 1)
}
export function boxes(dimensions: unknown): string {
  return (dimensions as { side: number }[]).map(({ side }) => side).join('x')
}

const media = () => [...all('Book'), ...all('Film')]

/** Roots of the whole graph, for graphql-js. */
export const ROOT: Thing = {
  me: () => get('User', 'u1'),
  user: ({ id }: Thing) => get('User', id),
  users: ({ first }: Thing) => take(all('User'), first),
  products: () => all('Product'),
  product: ({ id }: Thing) => get('Product', id),
  search: ({ q }: Thing) => (q === 'none' ? [] : [...all('User'), ...all('Product')]),
  node: ({ id }: Thing) => get('User', id) ?? get('Product', id),
  matrix: () => [[get('User', 'u1'), null], null, [], [get('User', 'u3'), get('User', 'u2')]],
  topReviews: ({ first }: Thing) => take(all('Review'), first),
  media,
  ranking: media,
  echo: ({ input }: Thing) => JSON.stringify(input)
}

const reference = (typename: string) => ({ __resolveReference: ({ id }: Thing) => get(typename, id) })

/** Keeps of an entity only what another subgraph was told, so that an answer shows whether it was told. */
function told(ref: Thing): Thing | null {
  const known = get('Product', ref['id'])
  if (!known) return null
  const { price, weight, dimensions } = ref
  return {
    ...known,
    shipping: ({ express }: Thing) => shipping({ price, weight }, express),
    boxes: () => boxes(dimensions)
  }
}

export const SHOP: Readonly<Record<string, TestSubgraph>> = {
  accounts: {
    sdl: `
      type Query {
        me: User
        user(id: ID!): User
        users(first: Int = 3): [User!]!
        node(id: ID!): Node
        matrix: [[User]]
        search(q: String!): [Hit!]!
        echo(input: Filter): String
      }
      input Filter { text: String = "any" min: Int colors: [Color!] inner: Filter }
      interface Node { id: ID! }
      union Hit = User | Product
      enum Color { RED GREEN }
      type User implements Node @key(fields: "id") {
        id: ID!
        name: String!
        color: Color
        visits: Float
        address: Address
        friend: User
        greeting(word: String! = "Hello", loud: Boolean): String!
      }
      type Address { street: String! city: City! }
      type City { name: String! zip: String }
      type Product implements Node @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { User: reference('User') } as never,
    root: ROOT
  },
  catalog: {
    sdl: `
      type Query { products: [Product!]! product(id: ID!): Product media: [Media!]! }
      type Product @key(fields: "id") @key(fields: "sku { code region }") {
        id: ID!
        sku: Sku!
        title: String!
        price: Int
        weight: Int
        dimensions: [Dimension!]!
        tags: [String!]
        grid: [[Int]]
        priceIn(currency: String!): String!
      }
      type Sku { code: String! region: String }
      type Dimension { side: Int! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
    resolvers: {
      Product: reference('Product'),
      Book: reference('Book'),
      Film: reference('Film'),
      Media: { __resolveReference: ({ id }: Thing) => get('Book', id) ?? get('Film', id) }
    } as never,
    root: ROOT
  },
  reviews: {
    sdl: `
      type Query { topReviews(first: Int): [Review!]! }
      type Review @key(fields: "id") { id: ID! text: String stars: Int! author: User! product: Product flaky: [Int!] }
      type User @key(fields: "id") { id: ID! nick: String reviews(first: Int): [Review!]! bestFriend: User flaky: String sure: String! }
      type Product @key(fields: "id") { id: ID! reviews: [Review!]! }`,
    resolvers: { User: reference('User'), Product: reference('Product'), Review: reference('Review') } as never,
    root: ROOT
  },
  shipping: {
    sdl: `
      type Product @key(fields: "id") {
        id: ID!
        price: Int @external
        weight: Int @external
        dimensions: [Dimension!]! @external
        shipping(express: Boolean): Int @requires(fields: "price weight")
        boxes: String @requires(fields: "dimensions { side }")
        stock: Int!
        sure: Int!
      }
      type Dimension { side: Int! @external }`,
    resolvers: { Product: { __resolveReference: told } } as never,
    root: ROOT
  },
  ratings: {
    sdl: `
      type Query { ranking: [Media!]! }
      type Media @interfaceObject @key(fields: "id") { id: ID! rating: Int by: User }
      type User @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Media: { __resolveReference: ({ id }: Thing) => asMedia(get('Book', id) ?? get('Film', id)) },
      Query: { ranking: () => media().map(asMedia) }
    } as never,
    root: ROOT
  }
}

function asMedia(thing: Thing | null): Thing | null {
  return thing && { ...thing, __typename: 'Media' }
}
