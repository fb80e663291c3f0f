import { executeSync, type GraphQLSchema, parse } from 'graphql'

/** The deep query: every product and person, their reviews, the authors' reviews, and those products. */
export const DEEP_QUERY = `
  fragment Person on User { id username name }
  fragment Opinion on Review { id body }
  fragment Article on Product { inStock name price shippingEstimate upc weight }
  query Deep {
    users {
      ...Person
      reviews { ...Opinion product { ...Article reviews { ...Opinion author { ...Person reviews { ...Opinion product { ...Article } } } } } }
    }
    topProducts {
      ...Article
      reviews { ...Opinion author { ...Person reviews { ...Opinion product { ...Article } } } }
    }
  }`

export interface Operation {
  /** The whole request body. */
  readonly body: string
  /** What has to be answered, from `{"data":` on. */
  readonly expected: unknown
}

/** A request body and its right answer. */
export function operation(schema: GraphQLSchema, query: string): Operation {
  const { data, errors } = executeSync({ schema, document: parse(query) })
  if (errors) throw new Error(`the reference cannot answer: ${errors[0]?.message}`)
  return { body: JSON.stringify({ query }), expected: JSON.parse(JSON.stringify({ data })) }
}

const LEAVES: Readonly<Record<string, readonly string[]>> = {
  User: ['id', 'name', 'username', 'birthday'],
  Product: ['upc', 'name', 'price', 'weight', 'inStock', 'shippingEstimate'],
  Review: ['id', 'body']
}
const LINKS: Readonly<Record<string, readonly (readonly [field: string, type: string])[]>> = {
  User: [['reviews', 'Review']],
  Product: [['reviews', 'Review']],
  Review: [
    ['product', 'Product'],
    ['author', 'User']
  ]
}
const ROOTS = [
  ['me', 'User'],
  ['users', 'User'],
  ['user(id: "2")', 'User'],
  ['topProducts', 'Product'],
  ['topProducts(first: 3)', 'Product']
] as const

/** Different operations, each with its answer; the same seed gives the same ones, another seed gives others. */
export function manyOperations(schema: GraphQLSchema, count: number, seed: number): readonly Operation[] {
  const random = generator(seed)
  const queries = new Set<string>()
  while (queries.size < count) queries.add(`query Q${seed}x${queries.size} { ${root(random)} }`)
  return [...queries].map(query => operation(schema, query))
}

type Random = (below: number) => number

function root(random: Random): string {
  const [field, type] = ROOTS[random(ROOTS.length)] ?? ROOTS[0]
  return `${field} ${selection(type, 2 + random(3), random)}`
}

function selection(type: string, depth: number, random: Random): string {
  const leaves = (LEAVES[type] ?? []).filter(() => random(2) === 0)
  const links = depth === 0 ? [] : (LINKS[type] ?? []).filter((_, index) => index === 0 || random(2) === 0)
  const below = links.map(([field, of]) => `${field} ${selection(of, depth - 1, random)}`)
  const fields = [...(leaves.length > 0 ? leaves : (LEAVES[type] ?? []).slice(0, 1)), ...below]
  return `{ ${fields.join(' ')} }`
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
