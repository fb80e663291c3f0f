import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startCommand } from '../../support/command.ts'
import { startForeign, supergraphOf } from '../../support/foreign.ts'
import { repeat } from '../prepare/refusals.ts'
import { Client } from '../websocket/client.ts'

const SDL =
  'type Query { o: O  pick(ids: [ID!]): O } type O @key(fields: "id") { id: ID! name: String o: O list(first: Int): [O!] }'

const nested = (n: number): string => `${'{ o '.repeat(n)}{ id }${' }'.repeat(n)}`
const fanOut = Array.from(
  { length: 18 },
  (_, i) => `fragment F${i} on O { a: o { ...F${i + 1} } b: o { ...F${i + 1} } }`
)
const chain = Array.from({ length: 2_000 }, (_, i) => `fragment F${i} on O { ...F${i + 1} }`)

/** Each must be refused, whatever it costs whom (security B1–B17). */
const ATTACKS: Readonly<Record<string, object | string>> = {
  'B1 aliases': { query: `{ ${repeat(5_000, i => `a${i}: o { id }`)} }` },
  'B2 repetition': { query: `{ o { ${repeat(4_000, () => 'id')} } }` },
  'B3 inline fragments': {
    query: `{ ${repeat(20, () => `... on Query { o { ${repeat(20, () => '... on O { o { id } }')} } }`)} }`
  },
  'B4 fan-out': { query: `{ o { ...F0 } } ${fanOut.join(' ')} fragment F18 on O { id }` },
  'B5 a circle': { query: '{ o { ...A } } fragment A on O { id ...A @include(if: true) }' },
  'B6 a chain': { query: `{ o { ...F0 } } ${chain.join(' ')} fragment F2000 on O { id }` },
  'B7 depth': { query: nested(20_000) },
  'B8 depth in fragments': {
    query: `{ o { ...A } } fragment A on O ${nested(7).replace('{ id }', '{ ...B }')} fragment B on O ${nested(9)}`
  },
  'B9 names': { query: `query __proto__ ${nested(40)}` },
  'B10 directives': { query: `{ o { id ${repeat(2_000, () => '@aa')} } }` },
  'B11 a long list': {
    query: 'query ($ids: [ID!]) { pick(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 50_000 }, () => 1) }
  },
  'B13 pages of pages': { query: '{ o { list(first: 1000) { list(first: 1000) { id } } } }' },
  'B14 a batch': JSON.stringify(Array.from({ length: 10_000 }, () => ({ query: '{ o { id } }' }))),
  'B16 introspection': {
    query: `{ __schema { types ${'{ fields { type '.repeat(12)}{ name }${' } }'.repeat(12)} } }`
  },
  'B20 a body too long': `{"query":"${'x'.repeat(2_000_000)}"}`
}

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-flood-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a router that is attacked in every way at once answers everybody else, and refuses each attack (B18)', async () => {
  await using subgraph = await startForeign('o', SDL, { Query: { o: () => ({ id: '1', name: 'one' }) } })
  const file = join(directory, 'supergraph.graphql')
  await writeFile(file, supergraphOf(subgraph))
  await using command = startCommand(['gateway', '--supergraph', file, '--open', '--port', '0'])
  const url = await command.ready()
  let over = false
  const outcomes = new Map<string, Set<string>>(Object.keys(ATTACKS).map(name => [name, new Set()]))
  const attack = async ([name, body]: readonly [string, object | string]) => {
    while (!over) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: typeof body === 'string' ? body : JSON.stringify(body)
      }).catch(() => null)
      const { errors } = ((await response?.json().catch(() => null)) ?? {}) as { errors?: { extensions: object }[] }
      outcomes
        .get(name)
        ?.add(response ? `${response.status} ${Reflect.get(errors?.[0]?.extensions ?? {}, 'code')}` : 'cut off')
      await delay(20)
    }
  }
  const attacks = Object.entries(ATTACKS).map(attack)
  await using client = await Client.acknowledged(url)
  for (let i = 0; i < 40; i++) {
    const probe = await fetch(`${url}?query={o{name}}`, {
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000)
    })
    expect(await probe.json()).toEqual({ data: { o: { name: 'one' } } })
    client.subscribe(`p${i}`, '{ o { id } }')
    expect(await client.until('next', `p${i}`)).toMatchObject({ payload: { data: { o: { id: '1' } } } })
    await delay(50)
  }
  over = true
  await Promise.all(attacks)
  for (const [name, said] of outcomes) {
    expect([name, said.size > 0]).toEqual([name, true])
    for (const each of said) expect([name, each]).toEqual([name, expect.stringMatching(/^(4\d\d [A-Z_]+|cut off)$/)])
  }
  expect(command.stderr()).not.toMatch(/"level":"(error|fatal)"/)
})
