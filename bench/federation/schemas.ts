import { buildSubgraphSchema } from '@apollo/subgraph'
import { composeServices } from '@theguild/federation-composition'
import { buildSchema, type GraphQLSchema, parse } from 'graphql'
import { AUTHOR, PRODUCTS, REVIEWS, shippingEstimate, USERS, WRITTEN } from './data.ts'

/** One federation, twice: as four subgraphs, and as one schema that says what a router has to answer. */

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires", "@provides"])\n`

export const SUBGRAPH_NAMES = ['accounts', 'inventory', 'products', 'reviews'] as const
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number]

const SDL: Readonly<Record<SubgraphName, string>> = {
  accounts: `
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }`,
  inventory: `
    type Product @key(fields: "upc") {
      upc: String! weight: Int @external price: Int @external
      inStock: Boolean shippingEstimate: Int @requires(fields: "price weight")
    }`,
  products: `
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  reviews: `
    type Review @key(fields: "id") { id: ID! body: String product: Product author: User @provides(fields: "username") }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`
}

/** The SDL that a subgraph publishes. */
export function publishedSdl(name: SubgraphName): string {
  return LINK + SDL[name]
}

/** The same SDL without federation's second version, for routers that know the first alone. */
export function firstVersionSdl(name: SubgraphName): string {
  return SDL[name]
    .replace('type Query', 'extend type Query')
    .replace(/ @shareable/g, '')
    .replace(/type (User|Product) @key/g, (whole, type: string) =>
      OWNERS[type] === name ? whole : whole.replace('type', 'extend type')
    )
    .replace(
      /(extend type (?:User|Product) @key\(fields: "(?:id|upc)"\) \{\s*(?:id: ID!|upc: String!))/g,
      '$1 @external'
    )
}

const OWNERS: Readonly<Record<string, SubgraphName>> = { User: 'accounts', Product: 'products' }

interface Reference {
  readonly id?: string
  readonly upc?: string
  readonly price?: number
  readonly weight?: number
}

const productOf = ({ upc }: Reference) => PRODUCTS.find(product => product.upc === upc)
const userOf = ({ id }: Reference) => USERS.find(user => user.id === id)
const reviewsOf = ({ upc }: Reference) => REVIEWS.filter(review => review.upc === upc)

const ROOTS = {
  me: () => AUTHOR,
  user: (_: unknown, { id }: { id: string }) => userOf({ id }),
  users: () => USERS,
  topProducts: (_: unknown, { first }: { first: number }) => PRODUCTS.slice(0, first)
}

/** The schema of one subgraph, with its data. */
export function subgraphSchema(name: SubgraphName): GraphQLSchema {
  const { me, user, users, topProducts } = ROOTS
  const resolvers = {
    accounts: { Query: { me, user, users }, User: { __resolveReference: userOf } },
    inventory: {
      Product: {
        __resolveReference: (given: Reference) => ({ ...given, inStock: productOf(given)?.inStock ?? null }),
        shippingEstimate: ({ price, weight }: Reference) =>
          price === undefined || weight === undefined ? null : shippingEstimate(price, weight)
      }
    },
    products: { Query: { topProducts }, Product: { __resolveReference: productOf } },
    reviews: {
      Review: {
        __resolveReference: ({ id }: Reference) => REVIEWS.find(review => review.id === id),
        product: ({ upc }: Reference) => ({ upc }),
        author: () => AUTHOR
      },
      User: { __resolveReference: ({ id }: Reference) => ({ ...userOf({ id }) }), reviews: () => WRITTEN },
      Product: { __resolveReference: ({ upc }: Reference) => ({ upc }), reviews: reviewsOf }
    }
  }
  return buildSubgraphSchema([{ typeDefs: parse(LINK + SDL[name]), resolvers: resolvers[name] as never }])
}

/** The supergraph over subgraphs that are served below `origin`. */
export function supergraphSdl(origin: string): string {
  const services = SUBGRAPH_NAMES.map(name => ({ name, url: `${origin}/${name}`, typeDefs: parse(LINK + SDL[name]) }))
  const composed = composeServices(services)
  if (composed.errors) throw new Error(composed.errors.map(error => error.message).join('\n'))
  return composed.supergraphSdl
}

/** The whole graph as one schema; its answers are what every router has to answer. */
export function referenceSchema(): GraphQLSchema {
  const schema = buildSchema(`
    type Query { me: User user(id: ID!): User users: [User] topProducts(first: Int = 5): [Product] }
    type User { id: ID! name: String username: String birthday: Int reviews: [Review] }
    type Product { upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int reviews: [Review] }
    type Review { id: ID! body: String product: Product author: User }`)
  const resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    Query: ROOTS,
    User: { reviews: () => WRITTEN },
    Product: {
      reviews: reviewsOf,
      shippingEstimate: ({ price = 0, weight = 0 }: Reference) => shippingEstimate(price, weight)
    },
    Review: { product: productOf, author: () => AUTHOR }
  }
  for (const [type, fields] of Object.entries(resolvers)) {
    const known = schema.getType(type)
    if (!known || !('getFields' in known)) throw new Error(`no type ${type}`)
    for (const [name, resolve] of Object.entries(fields)) Object.assign(known.getFields()[name] ?? {}, { resolve })
  }
  return schema
}
