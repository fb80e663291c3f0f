import 'reflect-metadata'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { buildSchema, createResolversMap, type NonEmptyArray } from 'type-graphql'
import { SUBGRAPH_HEADER } from './directives.ts'
import type { Context } from './subgraph.ts'

export interface SchemaParts {
  /** Resolver classes with the instance that serves each; null prints the schema but cannot answer with it. */
  readonly resolvers: ReadonlyMap<Function, object | null>
  /** Types that are reached through `_entities` or an interface alone. */
  readonly orphanedTypes?: readonly Function[]
  /** How an entity is found by its key; null when there is none or the caller may not see it. */
  readonly references?: Readonly<Record<string, (representation: never, context: Context) => unknown>>
}

/** One subgraph's federated schema and its SDL, from type-graphql classes. */
export async function buildRoomSchema(parts: SchemaParts): Promise<{ schema: GraphQLSchema; sdl: string }> {
  const classes = await buildSchema({
    resolvers: [...parts.resolvers.keys()] as unknown as NonEmptyArray<Function>,
    orphanedTypes: [...(parts.orphanedTypes ?? [])],
    container: { get: type => parts.resolvers.get(type) },
    validate: false,
    skipCheck: true,
    scalarsMap: []
  })
  const sdl = SUBGRAPH_HEADER + printSchemaWithDirectives(classes)
  const references = Object.fromEntries(
    Object.entries(parts.references ?? {}).map(([type, load]) => [type, { __resolveReference: load }])
  )
  const schema = buildSubgraphSchema([
    { typeDefs: parse(sdl), resolvers: createResolversMap(classes) as GraphQLResolverMap<Context> },
    { typeDefs: EMPTY, resolvers: references as GraphQLResolverMap<Context> }
  ])
  return { schema, sdl }
}

const EMPTY: DocumentNode = { kind: 'Document', definitions: [] } as unknown as DocumentNode
