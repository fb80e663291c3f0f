import type { Access } from '../scope/scope.ts'
import type { Context, Subgraph } from './subgraph.ts'

/**
 * The context of one request, once the room has applied what the caller must see (semantics W3). When that takes more
 * than 500 ms the answer goes out all the same, marked stale.
 */
export async function createContext(subgraph: Pick<Subgraph, 'applied'>, access: Access): Promise<Context> {
  const context: Context = { access, extensions: {} }
  if (access.readAfter !== null && !(await subgraph.applied(access.readAfter))) context.extensions.stale = true
  return context
}
