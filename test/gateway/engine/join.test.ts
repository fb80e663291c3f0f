import { Fault } from '../../../platform/errors.ts'
import { createWrites, type Writes } from '../../../platform/executor/writes.ts'
import { CONSUMER, caller, federate } from '../../support/federation.ts'

const SDL = `
  type Query { order(id: ID!): Order }
  type Mutation { rename(id: ID!): Order }
  type Order { id: ID! name: String }
`

/** A federation whose one subgraph answers when it is told to. */
function held(writes?: Writes) {
  const federation = federate({ orders: { sdl: SDL } }, { dedupe: true, ...(writes && { writes }) })
  const open: (() => void)[] = []
  federation.intercept = (_, { variables, operation, signal }) =>
    new Promise((resolve, reject) => {
      const named = { id: variables['id'] ?? 'none', name: `answer ${open.length}` }
      signal?.addEventListener('abort', () => reject(new Fault('TIMEOUT', 'aborted')))
      open.push(() => resolve({ data: operation.kind === 'mutation' ? { rename: named } : { order: named } }))
    })
  const { engine, view } = federation
  const start = (variables: Record<string, unknown>, as = {}, signal?: AbortSignal, query = QUERY) => {
    const who = caller({ view, ...as })
    return engine.execute(engine.prepare({ query, variables }, who), who, signal)
  }
  /** Waits for so many requests, and says how many there are. */
  const asked = async (count: number) => {
    while (open.length < count) await new Promise(resolve => setTimeout(resolve, 1))
    // Long enough for one more, were there one.
    for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    return open.length
  }
  return { ...federation, start, open, asked }
}

const QUERY = 'query ($id: ID!) { order(id: $id) { id name } }'
const RENAME = 'mutation ($id: ID!) { rename(id: $id) { name } }'

test('ten callers who ask the same at once are answered by one run (A58)', async () => {
  const { start, open, asked } = held()
  const answers = Promise.all(Array.from({ length: 10 }, () => start({ id: '1' })))
  expect(await asked(1)).toBe(1)
  open[0]?.()
  const results = await answers
  expect(results.map(({ data }) => data)).toEqual(Array(10).fill({ order: { id: '1', name: 'answer 0' } }))
})

test('each asker of another variable gets its own answer on a warm operation (A59)', async () => {
  const { start, open, asked } = held()
  const ids = ['1', '2', '3', '4', '5']
  const answers = Promise.all(ids.map(id => start({ id })))
  expect(await asked(5)).toBe(5)
  for (const answer of open) answer()
  expect((await answers).map(({ data }) => data?.['order'])).toEqual(ids.map((id, i) => ({ id, name: `answer ${i}` })))
})

test.each([
  ['consumer', { consumer: { ...CONSUMER, id: 'another' } }],
  ['claims', { consumer: { ...CONSUMER, claims: { team: 'b' } } }],
  ['company', { consumer: { ...CONSUMER, company: 'another' } }],
  ['language', { language: 'zh' }],
  ['position to read after', { readAfter: 7 }],
  ['forwarded header', { headers: { authorization: 'é1' } }]
])('a caller of another %s is never joined (A60)', async (_, as) => {
  const { start, open, asked } = held()
  const answers = Promise.all([start({ id: '1' }), start({ id: '1' }, as)])
  expect(await asked(2)).toBe(2)
  for (const answer of open) answer()
  await answers
})

test('mutations are never joined (A61)', async () => {
  const { start, open, asked } = held()
  const answers = Promise.all([1, 2, 3].map(() => start({ id: '1' }, {}, undefined, RENAME)))
  expect(await asked(3)).toBe(3)
  for (const answer of open) answer()
  await answers
})

test('a query that starts after a mutation does not join one from before it', async () => {
  const { start, open, asked } = held()
  const before = start({ id: '1' })
  await asked(1)
  const written = start({ id: '1' }, {}, undefined, RENAME)
  await asked(2)
  open[1]?.()
  await written
  const after = start({ id: '1' })
  expect(await asked(3)).toBe(3)
  for (const answer of open) answer()
  expect((await before).data).toEqual({ order: { id: '1', name: 'answer 0' } })
  expect((await after).data).toEqual({ order: { id: '1', name: 'answer 2' } })
})

test('nor does it after one of another engine, such as the one that a reload has replaced', async () => {
  const writes = createWrites()
  const [old, young] = [held(writes), held(writes)]
  const before = young.start({ id: '1' })
  await young.asked(1)
  const written = old.start({ id: '1' }, {}, undefined, RENAME)
  await old.asked(1)
  old.open[0]?.()
  await written
  const after = young.start({ id: '1' })
  expect(await young.asked(2)).toBe(2)
  for (const answer of young.open) answer()
  await before
  expect((await after).data).toEqual({ order: { id: '1', name: 'answer 1' } })
})

test('the first asker leaving does not take the others along (A62)', async () => {
  const { start, open, asked } = held()
  const leaving = new AbortController()
  const first = start({ id: '1' }, {}, leaving.signal)
  const second = start({ id: '1' })
  await asked(1)
  leaving.abort()
  await expect(first).rejects.toMatchObject({ code: 'TIMEOUT' })
  open[0]?.()
  expect((await second).data).toEqual({ order: { id: '1', name: 'answer 0' } })
})

test('a run that everybody has left is ended, and takes nobody up', async () => {
  const { start, open, asked, calls } = held()
  const leaving = new AbortController()
  const left = [start({ id: '1' }, {}, leaving.signal), start({ id: '1' }, {}, leaving.signal)]
  await asked(1)
  leaving.abort()
  for (const each of left) await expect(each).rejects.toMatchObject({ code: 'TIMEOUT' })
  const again = start({ id: '1' })
  expect(await asked(2)).toBe(2)
  open[1]?.()
  expect((await again).data).toEqual({ order: { id: '1', name: 'answer 1' } })
  expect(calls).toHaveLength(2)
})
