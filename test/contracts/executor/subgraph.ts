import { buildSubgraphSchema } from '@apollo/subgraph'
import { GraphQLError, parse } from 'graphql'
import { Fault } from '../../../platform/errors.ts'
import type { SubgraphOperation } from '../../../platform/executor/executor.ts'
import type { Position } from '../../../platform/log/log.ts'
import type { Access } from '../../../platform/scope/scope.ts'
import type { Context, Subgraph } from '../../../platform/subgraph/subgraph.ts'

/** A subgraph made to go wrong, with what it was asked. */
export interface ProbeSubgraph extends Subgraph {
  /** Accesses of the operations that were executed, in order. */
  readonly seen: readonly Access[]
  /** Lets every `Query.hangs` return. */
  release(): void
}

const TYPES = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    hello(name: String): String
    order(id: ID!): Order
    orders(ids: [ID!]!): [Order]
    faulty: String
    refuses: String
    breaks: String
    throwsText: String
    strict: String!
    hangs: String
    kind(input: Filter): String
  }
  input Filter { channel: Channel! }
  enum Channel { JD DIRECT }
  type Mutation { pay(id: ID!): Order }
  type Order @key(fields: "id") { id: ID! number: String broken: String }
`)

/** Applied up to position 10; a mutation writes position 7. */
export function probeSubgraph(): ProbeSubgraph {
  const seen: Access[] = []
  let release = () => {}
  const hanging = new Promise<string>(resolve => {
    release = () => resolve('late')
  })
  const look = (context: Context) => void seen.push(context.access)
  const resolvers = {
    Query: {
      hello: (_: unknown, { name }: { name?: string }, context: Context) => {
        look(context)
        return `hello ${name ?? 'you'}`
      },
      order: (_: unknown, { id }: { id: string }) => ({ id, number: `N-${id}` }),
      orders: (_: unknown, { ids }: { ids: string[] }) => ids.map(id => ({ id, number: `N-${id}` })),
      faulty: () => {
        throw new Fault('CURSOR_EXPIRED', 'Start again from the oldest.', { oldest: 4 })
      },
      refuses: () => {
        throw new GraphQLError('Not like this.', { extensions: { code: 'BAD_USER_INPUT', argument: 'name' } })
      },
      breaks: () => {
        throw new Error('SELECT secret FROM orders failed')
      },
      throwsText: () => {
        throw 'a bare text'
      },
      strict: () => null,
      hangs: () => hanging,
      kind: (_: unknown, { input }: { input?: { channel: string } }) => input?.channel ?? 'none'
    },
    Mutation: {
      pay: (_: unknown, { id }: { id: string }, context: Context) => {
        look(context)
        context.extensions.position = 7
        return { id, number: `N-${id}` }
      }
    },
    Order: {
      __resolveReference: ({ id }: { id: string }) => (id === 'gone' ? null : { id, number: `N-${id}` }),
      broken: ({ id }: { id: string }) => {
        throw new Error(`order ${id} is broken`)
      }
    }
  }
  return {
    name: 'probe',
    schema: buildSubgraphSchema([{ typeDefs: TYPES, resolvers }]),
    seen,
    release: () => release(),
    applied: async (position: Position) => position <= 10,
    [Symbol.asyncDispose]: async () => {}
  }
}

export function operationOf(text: string): SubgraphOperation {
  return { kind: text.startsWith('mutation') ? 'mutation' : 'query', text, document: parse(text) }
}
