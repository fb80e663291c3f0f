import type { Answer } from '../support/load.ts'
import type { Case } from './case.ts'
import { failed, notRefused, requests } from './requests.ts'

/** B1–B10, B13, B16–B18: what a document can do. */

const times = (count: number, make: (n: number) => string) => Array.from({ length: count }, (_, n) => make(n)).join(' ')

/** A request for a document that is a new one each time. */
const query = (text: string) => (n: number) => JSON.stringify({ query: `# ${n}\n${text}` })

const REVIEWS = (below: string) => `reviews { author ${below} }`
const nested = (depth: number) => `{ me ${'{ reviews { author '.repeat(depth)}{ id }${' } }'.repeat(depth)} }`

/** Each fragment spreads the next one twice: 2^18 fields in a few hundred bytes. */
const FAN_OUT = `query { me { ...F0 } } ${times(18, n => `fragment F${n} on User { a: ${REVIEWS(`{ ...F${n + 1} }`)} b: ${REVIEWS(`{ ...F${n + 1} }`)} }`)} fragment F18 on User { id }`

const OVERLAP = `{ ${times(20, () => `... on Query { me { ${times(20, () => '... on User { reviews { id } }')} } }`)} }`

/** Near the limits: some 6,000 fields after expansion, each of which three subgraphs have. */
const KNOT_LEVELS = 9
const KNOTS = `${times(KNOT_LEVELS, n => `fragment K${n + 1} on Knot { id code a b c d left { ...K${n} } right { ...K${n} } }`)} fragment K0 on Knot { a b c d }`

/** Near the limits: 8,000 fields after expansion, of which each subgraph has a part, in dozens of fetches. */
const TREE_LEVELS = 10
const TREES = `${times(TREE_LEVELS, n => `fragment T${n + 1} on Tree { a b c d left { ...T${n} } right { ...T${n} } }`)} fragment T0 on Tree { a c }`

/** The same number of levels as fit into 4,000 tokens, each written out. */
const WRITTEN_LEVELS = 7
const written = (levels: number): string =>
  levels === 0 ? '{ a b c d }' : `{ id a b c d left ${written(levels - 1)} right ${written(levels - 1)} }`

const INTROSPECTION = `{ __schema { types { fields ${'{ type { fields '.repeat(20)}{ name }${' } }'.repeat(20)} } } }`

/** Refused, and without the names that were sent. */
function quiet(answer: Answer): string | null {
  const count = answer.text().match(/"message"/g)?.length ?? 0
  if (count > 100) return `${count} errors`
  return notRefused(answer)
}

export const DOCUMENTS: readonly Case[] = [
  requests({
    id: 'B1',
    title: '5,000 aliases',
    bounds: { cpuMs: 5 },
    body: query(`{ ${times(5000, n => `a${n}: me { id }`)} }`)
  }),
  requests({
    id: 'B2',
    title: 'one field 4,000 times',
    bounds: { cpuMs: 20 },
    body: query(`{ me { ${times(4000, () => 'id')} } }`),
    wrong: failed
  }),
  requests({ id: 'B3', title: 'inline fragments 20 × 20', bounds: { cpuMs: 50 }, body: query(OVERLAP), wrong: failed }),
  requests({ id: 'B4', title: 'fragments that fan out to 2^18 fields', body: query(FAN_OUT) }),
  requests({
    id: 'B5',
    title: 'a fragment in itself, beside a field',
    body: query('{ ...A } fragment A on Query { __typename ...A }')
  }),
  requests({
    id: 'B5d',
    title: 'a fragment in itself, under a directive',
    body: query('query ($c: Boolean = true) { ...A } fragment A on Query { __typename ...A @include(if: $c) }')
  }),
  requests({
    id: 'B6',
    title: 'a chain of 10,000 fragments',
    body: query(
      `{ ...F0 } ${times(10_000, n => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F10000 on Query { me { id } }`
    ),
    wrong: failed
  }),
  requests({ id: 'B7', title: 'nested 3,000 deep', body: query(`${'{ me '.repeat(3000)}${'}'.repeat(3000)}`) }),
  requests({ id: 'B7x', title: 'nested 150,000 deep', body: query(`${'{me'.repeat(150_000)}${'}'.repeat(150_000)}`) }),
  requests({
    id: 'B7v',
    title: 'a list value nested 100,000 deep',
    body: query(`{ search(ids: ${'['.repeat(100_000)}`)
  }),
  requests({ id: 'B8p', title: 'depth 21 in the open', body: query(nested(10)) }),
  requests({
    id: 'B8',
    title: 'depth 21 over named fragments',
    body: query(
      `{ me { ...D0 } } ${times(10, n => `fragment D${n} on User { ${REVIEWS(`{ ...D${n + 1} }`)} }`)} fragment D10 on User { id }`
    )
  }),
  requests({
    id: 'B9',
    title: 'names that every object has',
    body: query('query __proto__ { constructor: me { toString: id __proto__: name } }'),
    wrong: failed
  }),
  requests({
    id: 'B10',
    title: '5,000 unknown directives',
    body: query(`{ me { id ${times(5000, () => '@aa')} } }`),
    wrong: quiet
  }),
  requests({
    id: 'B13',
    title: 'pages of a million',
    body: query('{ users(first: 1000000) { reviews(first: 1000000) { author { reviews(first: 1000000) { id } } } } }')
  }),
  requests({ id: 'B16', title: 'introspection nested 40 deep', body: query(INTROSPECTION) }),
  requests({
    id: 'B17',
    title: `many plans: ${KNOT_LEVELS} levels of a type that three subgraphs share`,
    body: n => JSON.stringify({ query: `query P${n} { knot { ...K${KNOT_LEVELS} } } ${KNOTS}` }),
    wrong: failed
  }),
  requests({
    id: 'B18',
    title: `many fetches: ${TREE_LEVELS} levels of a type in three parts`,
    bounds: { probeMs: 50 },
    body: n => JSON.stringify({ query: `query T${n} { tree { ...T${TREE_LEVELS} } } ${TREES}` }),
    wrong: failed
  }),
  requests({
    id: 'B18w',
    title: `many words: ${WRITTEN_LEVELS} levels, all written out`,
    bounds: { probeMs: 50 },
    body: query(`{ tree ${written(WRITTEN_LEVELS)} }`),
    wrong: failed
  })
]
