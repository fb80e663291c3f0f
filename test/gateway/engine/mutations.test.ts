import { GraphQLError } from 'graphql'
import { caller, federate, overTheWire, paths, type SubgraphContext } from '../../support/federation.ts'

interface Row {
  readonly id: string
  name: string
  log: string[]
}

/** Two rooms that write; the second one applies what the first one wrote only when it is told to wait for it. */
function rooms() {
  const rows = new Map<string, Row>([['1', { id: '1', name: 'a', log: [] }]])
  let position = 10
  const row = (id: string): Row | undefined => rows.get(id)
  const one = {
    sdl: `
      type Query { item(id: ID!): Item }
      type Mutation { rename(id: ID!, name: String!): Item fail(hard: Boolean): Item mustFail: Item! }
      type Item @key(fields: "id") { id: ID! name: String! }`,
    root: {
      item: ({ id }: { id: string }) => row(id),
      rename: ({ id, name }: { id: string; name: string }, context: SubgraphContext) => {
        const item = row(id)
        item?.log.push(`name ${name}`)
        if (item) item.name = name
        context.extensions.position = ++position
        return item && { ...item }
      },
      fail: () => {
        throw new GraphQLError('Not now.', { extensions: { code: 'CONFLICT' } })
      },
      mustFail: () => {
        throw new GraphQLError('Never.', { extensions: { code: 'FORBIDDEN' } })
      }
    },
    resolvers: { Item: { __resolveReference: ({ id }: Row) => row(id) } } as never
  }
  const two = {
    sdl: `
      type Mutation { note(id: ID!, text: String!): Item }
      type Item @key(fields: "id") { id: ID! log: [String!]! seenAt: Int }`,
    root: {
      note: ({ id, text }: { id: string; text: string }, context: SubgraphContext) => {
        row(id)?.log.push(text)
        context.extensions.position = ++position
        return { ...row(id), log: [...(row(id)?.log ?? [])] }
      }
    },
    resolvers: {
      Item: {
        __resolveReference: ({ id }: Row, { access, extensions }: SubgraphContext) => {
          if ((access.readAfter ?? 0) > 1000) extensions.stale = true
          return { ...row(id), log: [...(row(id)?.log ?? [])], seenAt: access.readAfter }
        }
      }
    } as never
  }
  return federate({ one, two })
}

describe('mutations', () => {
  test('run in the order of the document, each with its whole payload before the next', async () => {
    const federation = rooms()
    const result = await federation.run(`mutation {
      first: rename(id: "1", name: "b") { name log }
      second: note(id: "1", text: "n1") { log name }
      ... on Mutation { third: rename(id: "1", name: "c") { log } }
      ...F
    } fragment F on Mutation { fourth: note(id: "1", text: "n2") { log } }`)
    expect(overTheWire(result.data)).toEqual({
      first: { name: 'b', log: ['name b'] },
      second: { log: ['name b', 'n1'], name: 'b' },
      third: { log: ['name b', 'n1', 'name c'] },
      fourth: { log: ['name b', 'n1', 'name c', 'n2'] }
    })
  })

  test('that look alike are still two', async () => {
    const federation = rooms()
    await federation.run('mutation { a: note(id: "1", text: "x") { log } b: note(id: "1", text: "x") { log } }')
    const { data } = await federation.run('{ item(id: "1") { log } }')
    expect(overTheWire(data)).toEqual({ item: { log: ['x', 'x'] } })
  })

  test('of one kind in one room go there together', async () => {
    const federation = rooms()
    await federation.run('mutation { a: rename(id: "1", name: "x") { name } b: rename(id: "1", name: "y") { name } }')
    expect(federation.calls).toHaveLength(1)
  })

  test('read their own payload after the write', async () => {
    const federation = rooms()
    const result = await federation.run('mutation { rename(id: "1", name: "b") { seenAt } }')
    expect(overTheWire(result)).toEqual({ data: { rename: { seenAt: 11 } }, extensions: { position: 11 } })
    expect(federation.calls.map(call => call.access.readAfter)).toEqual([null, 11])
  })

  test('read after the later of the write and what the caller asked for', async () => {
    const federation = rooms()
    const { data } = await federation.run('mutation { rename(id: "1", name: "b") { seenAt } }', {}, { readAfter: 500 })
    expect(overTheWire(data)).toEqual({ rename: { seenAt: 500 } })
    const many = await federation.run('mutation { rename(id: "1", name: "c") { id } note(id: "1", text: "t") { id } }')
    expect(many.extensions).toEqual({ position: 13 })
  })

  test('and queries say when a room was behind', async () => {
    const federation = rooms()
    const { extensions } = await federation.run('{ item(id: "1") { name seenAt } }', {}, { readAfter: 2000 })
    expect(extensions).toEqual({ stale: true })
    expect(federation.calls.map(call => call.access.readAfter)).toEqual([2000, 2000])
  })

  test('go on after one that failed where a null may be', async () => {
    const federation = rooms()
    const result = await federation.run('mutation { a: fail { id } b: note(id: "1", text: "t") { log } }')
    expect(overTheWire(result.data)).toEqual({ a: null, b: { log: ['t'] } })
    expect(paths(result)).toEqual(['a'])
  })

  test('stop after one that makes the whole answer null', async () => {
    const federation = rooms()
    const result = await federation.run('mutation { a: mustFail { id } b: note(id: "1", text: "t") { log } }')
    expect(result.data).toBeNull()
    expect(result.errors?.map(({ message, path }) => [message, path])).toEqual([['Never.', ['a']]])
    expect(federation.calls).toHaveLength(1)
  })

  test('leave out what is skipped, and keep the order of the rest', async () => {
    const federation = rooms()
    const query = `mutation ($no: Boolean!) {
      ... @skip(if: $no) { a: note(id: "1", text: "a") { id } } b: note(id: "1", text: "b") { id }
      c: note(id: "1", text: "c") @include(if: $no) { log }
    }`
    expect(overTheWire((await federation.run(query, { no: true })).data)).toEqual({
      b: { id: '1' },
      c: { log: ['b', 'c'] }
    })
    expect(overTheWire((await federation.run(query, { no: false })).data)).toEqual({ a: { id: '1' }, b: { id: '1' } })
    const { data } = await federation.run('{ item(id: "1") { log } }')
    expect(overTheWire(data)).toEqual({ item: { log: ['b', 'c', 'a', 'b'] } })
  })

  test('act with the rights of each', async () => {
    const federation = rooms()
    const view = {
      ...federation.view,
      id: 'writes',
      access: (_: unknown, mutation?: string) => ({ read: {}, write: mutation ? { [mutation]: [{}] } : {} })
    }
    const who = caller({ view, language: 'zh' })
    const { engine } = federation
    await engine.execute(
      engine.prepare({ query: 'mutation { rename(id: "1", name: "b") { log } note(id: "1", text: "t") { id } }' }, who),
      who
    )
    expect(federation.calls.map(({ access }) => Object.keys(access.write))).toEqual([['rename'], ['rename'], ['note']])
    expect(federation.calls[0]?.access).toEqual({
      company: 'demo',
      consumer: 'tester',
      party: 'sales',
      claims: { team: 'a' },
      read: {},
      write: { rename: [{}] },
      readAfter: null,
      language: 'zh'
    })
  })
})
