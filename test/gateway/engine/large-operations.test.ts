import { federate } from '../../support/federation.ts'

const PEOPLE = `
  type Query { me: User }
  type User @key(fields: "id") { id: ID! friend: User bestFriend: User }
`
const NAMES = 'type User @key(fields: "id") { id: ID! name: String }'

function people(limits = {}, limited: (limit: string) => void = () => {}) {
  const person = (id: string, depth: number): unknown =>
    depth === 0
      ? null
      : { id, friend: () => person(`${id}f`, depth - 1), bestFriend: () => person(`${id}b`, depth - 1) }
  return federate(
    {
      people: { sdl: PEOPLE, root: { me: () => person('m', 9) } },
      names: {
        sdl: NAMES,
        resolvers: { User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `name of ${id}` }) } }
      }
    },
    { limits, watch: { found() {}, compiled() {}, joined() {}, limited } }
  )
}

/** Selects 2^(depth+1) - 2 friends, in few words. */
function friends(depth: number, salt = ''): string {
  const fragments = Array.from(
    { length: depth },
    (_, i) => `fragment F${i} on User { friend { name ...F${i + 1} } bestFriend { name ...F${i + 1} } }`
  )
  return `query Q${salt} { me { ...F0 } } ${fragments.join(' ')} fragment F${depth} on User { id }`
}

test('a large operation is planned beside the others, and answered like a small one', async () => {
  const federation = people()
  await using _ = federation.engine
  const [large, small] = await Promise.all([federation.run(friends(7)), federation.run(friends(1))])
  expect([large.errors, small.errors]).toEqual([undefined, undefined])
  expect(large.data).toMatchObject({ me: { friend: { name: 'name of mf', bestFriend: { name: 'name of mfb' } } } })
  expect(small.data).toEqual({
    me: { friend: { name: 'name of mf', id: 'mf' }, bestFriend: { name: 'name of mb', id: 'mb' } }
  })
})

test('what takes too long to plan is refused, over and over, and counted', async () => {
  const limited: string[] = []
  const federation = people({ planning: 1 }, limit => limited.push(limit))
  await using _ = federation.engine
  for (const salt of ['A', 'B']) {
    await expect(federation.run(friends(8, salt))).rejects.toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_LIMIT', limit: 'planning' } }]
    })
  }
  expect(limited).toEqual(['planning', 'planning'])
})

test('more large operations than can wait are refused instead of remembered', async () => {
  const federation = people()
  await using _ = federation.engine
  const runs = Array.from({ length: 80 }, (__, i) =>
    federation.run(friends(7, `n${i}`)).then(
      () => 'answered',
      e => e
    )
  )
  const outcomes = await Promise.all(runs)
  const refused = outcomes.filter(outcome => outcome !== 'answered')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ errors }) => errors[0].extensions.code === 'OPERATION_LIMIT')).toBe(true)
  expect(outcomes.filter(outcome => outcome === 'answered').length).toBeGreaterThanOrEqual(64)
})

test('an engine that is disposed of leaves no thread behind that would keep the process', async () => {
  const federation = people()
  const run = federation.run(friends(8)).catch(thrown => thrown)
  await new Promise(setImmediate)
  await federation.engine[Symbol.asyncDispose]()
  expect(await run).toBeDefined()
})
