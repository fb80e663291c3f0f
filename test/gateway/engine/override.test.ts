import { caller, type FederationOptions, federate } from '../../support/federation.ts'

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@override"])\n'
const order = (fields: object) => ({ Order: { __resolveReference: ({ id }: { id: string }) => ({ id, ...fields }) } })

/** Orders whose fields say which subgraph answered; each is taken over as its directive says. */
function overridden(fields: Readonly<Record<string, string>>, options: FederationOptions = {}) {
  const names = Object.keys(fields)
  const all = (value: string) => Object.fromEntries(names.map(name => [name, value]))
  const declared = names.map(name => `${name}: String`).join('  ')
  const taken = names.map(name => `${name}: String @override(from: "old"${fields[name]})`).join('  ')
  return federate(
    {
      old: {
        sdl: `${LINK}type Query { order: Order } type Order @key(fields: "id") { id: ID! ${declared} }`,
        root: { order: { id: '1', ...all('old') } },
        resolvers: order(all('old'))
      },
      new: { sdl: `${LINK}type Order @key(fields: "id") { id: ID! ${taken} }`, resolvers: order(all('new')) }
    },
    options
  )
}

const label = (name: string) => `, label: "${name}"`
const FOUR = { whole: '', some: label('percent(25)'), few: label('percent(0.5)'), beta: label('beta') }
const QUERY = `{ order { ${Object.keys(FOUR).join(' ')} } }`

test.each([
  ['by its share alone', {}, 0.3, ['whole']],
  ['by its share alone, just within', {}, 0.2499, ['whole', 'some']],
  ['by its share alone, at its end', {}, 0.25, ['whole']],
  ['together with what is more frequent', {}, 0.004, ['whole', 'some', 'few']],
  ['by a setting', { beta: true }, 0.99, ['whole', 'beta']],
  ['by a setting to some requests', { beta: 10 }, 0.05, ['whole', 'some', 'beta']],
  ['by a setting to some requests, not to this one', { beta: 10 }, 0.1, ['whole', 'some']],
  ['by a setting that is stronger than its share', { 'percent(25)': false, 'percent(0.5)': 50 }, 0.2, ['whole', 'few']]
])('a label applies %s', async (_, overrideLabels, draw, taken) => {
  const { run } = overridden(FOUR, { overrideLabels, chance: () => draw })
  const expected = Object.keys(FOUR).map(name => [name, taken.includes(name) ? 'new' : 'old'])
  expect((await run(QUERY)).data).toEqual({ order: Object.fromEntries(expected) })
})

test('each request draws for itself, and operations stay compiled for every set of labels', async () => {
  const draws = [0.1, 0.9, 0.2, 0.8]
  let compiled = 0
  const none = () => {}
  const { run } = overridden(
    { total: label('percent(50)') },
    {
      chance: () => draws.shift() ?? 1,
      watch: { found: none, joined: none, limited: none, compiled: () => compiled++ }
    }
  )
  const totals: unknown[] = []
  for (let i = 0; i < 4; i++) totals.push((await run('{ order { total } }')).data?.['order'])
  expect(totals).toEqual(['new', 'old', 'new', 'old'].map(total => ({ total })))
  expect(compiled).toBe(2)
})

test('without a number of its own a request draws one by chance', async () => {
  const { run } = overridden({ total: label('percent(50)') })
  const seen = new Set<string>()
  for (let i = 0; i < 200 && seen.size < 2; i++) seen.add(JSON.stringify((await run('{ order { total } }')).data))
  expect(seen.size).toBe(2)
})

test('a large operation is planned for its labels, too', async () => {
  const draws = [0.1, 0.9]
  const { run } = overridden(
    { total: label('percent(50)') },
    { chance: () => draws.shift() ?? 1, limits: { aliases: 1000, rootFields: 1000, tokens: 10_000 } }
  )
  const query = `{ ${Array.from({ length: 150 }, (_, i) => `a${i}: order { total }`).join(' ')} }`
  expect((await run(query)).data).toMatchObject({ a0: { total: 'new' }, a149: { total: 'new' } })
  expect((await run(query)).data).toMatchObject({ a0: { total: 'old' }, a149: { total: 'old' } })
})

test('requests with different labels do not join each other', async () => {
  const draws = [0.1, 0.9, 0.2]
  const { run, calls } = overridden({ total: label('percent(50)') }, { chance: () => draws.shift() ?? 1, dedupe: true })
  const results = await Promise.all([1, 2, 3].map(() => run('{ order { total } }')))
  expect(results.map(({ data }) => data?.['order'])).toEqual(['new', 'old', 'new'].map(total => ({ total })))
  expect(calls.map(({ subgraph }) => subgraph).sort()).toEqual(['new', 'old', 'old'])
})

test('a request that is renewed keeps what it drew', () => {
  const draws = [0.1, 0.9]
  const { engine, view } = overridden({ total: label('percent(50)') }, { chance: () => draws.shift() ?? 1 })
  const who = caller({ view })
  const prepared = engine.prepare({ query: '{ order { total } }' }, who)
  expect(engine.renew(prepared, who).draw).toBe(0.1)
})
