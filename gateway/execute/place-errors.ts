import type { SubgraphError } from '../../platform/executor/executor.ts'
import { Failure, type Reason } from './failure.ts'

/**
 * Puts a failure into an answer where its error says that a null stands. Null when there is no such place: then the
 * error goes to the client without one.
 */
export function place(data: Record<string, unknown>, path: SubgraphError['path'], reason: Reason): Failure | null {
  let container: unknown = data
  for (const [i, key] of (path ?? []).entries()) {
    if (typeof container !== 'object' || container === null || container instanceof Failure) return null
    // Never through the prototype: the path is the subgraph's text.
    if (!Object.hasOwn(container, key)) return null
    const value: unknown = Reflect.get(container, key)
    if (value instanceof Failure) return value
    if (value === null || value === undefined) {
      const failure = new Failure(reason, path?.slice(i + 1))
      Reflect.set(container, key, failure)
      return failure
    }
    container = value
  }
  return null
}
