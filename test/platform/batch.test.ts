import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { batched } from '../../platform/subgraph/batch.ts'
import { createContext } from '../../platform/subgraph/context.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { accessOf } from './support.ts'

describe('batched', () => {
  const contextOf = (): Context => ({ access: accessOf(), extensions: {} })

  test('loads what one tick asks for at once, each id once, null for what is missing', async () => {
    const loads: (readonly string[])[] = []
    const context = contextOf()
    const find = (id: string) =>
      batched(context, 'orders', async ids => {
        loads.push(ids)
        return new Map(ids.filter(id => id !== 'gone').map(id => [id, `order ${id}`]))
      })(id)
    const later = async (id: string) => {
      await Promise.resolve()
      await Promise.resolve()
      return find(id)
    }
    expect(await Promise.all([find('1'), find('2'), later('3'), find('1'), find('gone')])).toEqual([
      'order 1',
      'order 2',
      'order 3',
      'order 1',
      null
    ])
    expect(loads).toEqual([['1', '2', 'gone', '3']])
  })

  test('keeps nothing after the load', async () => {
    const context = contextOf()
    let version = 0
    const find = batched(context, 'orders', async ids => {
      version += 1
      return new Map(ids.map(id => [id, version]))
    })
    expect([await find('1'), await find('1')]).toEqual([1, 2])
  })

  test('keeps requests and loaders apart', async () => {
    const loads: string[] = []
    const load = (name: string) => async (ids: readonly string[]) => {
      loads.push(name)
      return new Map(ids.map(id => [id, name]))
    }
    const one = contextOf()
    const finds = [batched(one, 'a', load('a')), batched(one, 'b', load('b')), batched(contextOf(), 'a', load('other'))]
    expect(await Promise.all(finds.map(find => find('1')))).toEqual(['a', 'b', 'other'])
    expect(loads).toHaveLength(3)
  })

  test('fails everyone who asked when the load fails, and loads the next tick afresh', async () => {
    const context = contextOf()
    let failing = true
    const find = batched(context, 'orders', async ids => {
      if (failing) throw new Error('the database is away')
      return new Map(ids.map(id => [id, id]))
    })
    const settled = await Promise.allSettled([find('1'), find('2')])
    expect(settled.map(one => one.status)).toEqual(['rejected', 'rejected'])
    failing = false
    expect(await find('1')).toBe('1')
  })

  test('gathers the representations of one entity fetch', async () => {
    const loads: (readonly string[])[] = []
    const load = async (ids: readonly string[]) => {
      loads.push(ids)
      return new Map(ids.map(id => [id, { id, tags: [`t${id}`] }]))
    }
    const typeDefs = parse(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { a: String }
      type Order @key(fields: "id") { id: ID! tags: [String!] }
    `)
    const __resolveReference = ({ id }: { id: string }, context: Context) => batched(context, 'orders', load)(id)
    const schema = buildSubgraphSchema([{ typeDefs, resolvers: { Order: { __resolveReference } } }])
    const representations = ['1', '2', '3'].map(id => ({ __typename: 'Order', id }))
    const document = parse('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Order { tags } } }')
    await execute({ schema, document, variableValues: { r: representations }, contextValue: contextOf() })
    expect(loads).toEqual([['1', '2', '3']])
  })
})

describe('createContext', () => {
  test('waits for the position that the caller must see, and says when it was not reached', async () => {
    const asked: number[] = []
    const applied = async (position: number) => {
      asked.push(position)
      return position < 5
    }
    expect((await createContext({ applied }, accessOf())).extensions).toEqual({})
    expect((await createContext({ applied }, accessOf({ readAfter: 4 }))).extensions).toEqual({})
    expect((await createContext({ applied }, accessOf({ readAfter: 5 }))).extensions).toEqual({ stale: true })
    expect(asked).toEqual([4, 5])
  })
})
