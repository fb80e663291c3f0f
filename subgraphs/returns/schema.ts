import type { GraphQLSchema } from 'graphql'
import { buildRoomSchema } from '../../platform/subgraph/schema.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { returnById } from './find-returns.ts'
import { OrderResolver } from './order.resolver.ts'
import { Order } from './order.ts'
import { ReturnResolver } from './return.resolver.ts'
import { Return } from './return.ts'
import { ReturnMutations } from './return-mutations.resolver.ts'
import type { ReturnsDeps } from './returns-deps.ts'

/** The room's schema; without `deps` it can be printed but not asked. */
export function returnsSchema(deps: ReturnsDeps | null): Promise<{ schema: GraphQLSchema; sdl: string }> {
  return buildRoomSchema({
    resolvers: new Map<new (...made: never) => object, object | null>([
      [ReturnResolver, deps && new ReturnResolver(deps.database)],
      [ReturnMutations, deps && new ReturnMutations(deps)],
      [OrderResolver, deps && new OrderResolver(deps.database)]
    ]),
    orphanedTypes: [Return, Order],
    references: {
      Order: ({ id }: { readonly id: string }) => ({ id }),
      Return: ({ id }: { readonly id: string }, context: Context) =>
        deps && returnById(deps.database.reads, context, id)
    }
  })
}
