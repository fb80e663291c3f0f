import type { GraphQLSchema } from 'graphql'
import type { Position } from '../log/log.ts'
import type { Access } from '../scope/scope.ts'

/** What a resolver gets. `extensions` is sent back beside the data. */
export interface Context {
  readonly access: Access
  readonly extensions: { position?: Position; stale?: boolean }
}

/** A room as the composition root sees it: one schema, its place in the log, its life. */
export interface Subgraph extends AsyncDisposable {
  readonly name: string
  readonly schema: GraphQLSchema
  /** Resolves true once every event up to the position is applied, false after 500 ms (semantics W3). */
  applied(position: Position): Promise<boolean>
}
