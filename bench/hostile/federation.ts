import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'

/** A small federation to attack: a shop, three subgraphs that share everything, and a clock to subscribe to. */

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n`

/** How many rows the shop's lists hold at most. */
export const PAGE = 20

const SHOP = `
  type Query { me: User users(first: Int = 5): [User!]! search(text: String, ids: [ID!], filter: Filter): [User!]! }
  input Filter { name: String and: [Filter!] not: Filter }
  type User @key(fields: "id") { id: ID! name: String reviews(first: Int = 2): [Review!]! }
  type Review @key(fields: "id") { id: ID! body: String author: User! }`

/** Every field may be had from each of the three: the number of plans grows with each step of a query. */
const KNOT = (root: boolean) => `
  ${root ? 'type Query { knot: Knot }' : ''}
  type Knot @key(fields: "id") @key(fields: "code") @shareable {
    id: ID! code: ID! a: Int b: Int c: Int d: Int left: Knot right: Knot
  }`

/** Each of the three has another part of it, and none of it is there: what is asked of it is planned, and nearly nothing is fetched. */
const TREE = (fields: string) => `type Tree @key(fields: "id") { id: ID! ${fields} }`

const CLOCK = `
  type Query { openTicks: Int! }
  type Subscription { ticks(everyMs: Int = 20, bytes: Int = 50): Tick! }
  type Tick { n: Int! padding: String! }`

export const SUBGRAPHS: Readonly<Record<string, string>> = {
  shop: LINK + SHOP,
  knots1: `${LINK}${KNOT(true)} extend type Query { tree: Tree } ${TREE('a: Int b: Int')}`,
  knots2: LINK + KNOT(false) + TREE('c: Int left: Tree'),
  knots3: LINK + KNOT(false) + TREE('d: Int right: Tree'),
  clock: LINK + CLOCK
}

/** The supergraph over subgraphs that are served below `origin`. */
export function hostileSupergraph(origin: string): string {
  const services = Object.entries(SUBGRAPHS).map(([name, sdl]) => ({
    name,
    url: `${origin}/${name}`,
    typeDefs: parse(sdl)
  }))
  const composed = composeServices(services)
  if (composed.errors) throw new Error(composed.errors.map(error => error.message).join('\n'))
  return composed.supergraphSdl
}
