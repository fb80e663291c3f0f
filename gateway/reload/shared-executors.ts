import type { Logger } from 'pino'
import type { Executor } from '../../platform/executor/executor.ts'

interface Shared {
  readonly executor: Executor
  users: number
}

/** Executors in use, so that a new supergraph asks a subgraph that stayed as it was over the connections that are open. */
export interface SharedExecutors {
  /** The executor of that key, made when there is none. */
  take(key: string, make: () => Executor): Executor
  /** Gives back one `take`. The last one closes the executor, which waits for its subscriptions to end. */
  release(key: string): Promise<void>
}

/** Makes the executors that the generations of one router share. */
export function sharedExecutors(logger: Pick<Logger, 'warn'>): SharedExecutors {
  const known = new Map<string, Shared>()
  return {
    take(key, make) {
      const shared = known.get(key) ?? { executor: make(), users: 0 }
      known.set(key, shared)
      shared.users++
      return shared.executor
    },
    async release(key) {
      const shared = known.get(key)
      if (!shared) return
      shared.users--
      if (shared.users > 0) return
      known.delete(key)
      try {
        await shared.executor[Symbol.asyncDispose]()
      } catch (err) {
        logger.warn({ err }, 'an executor that is no longer used did not close')
      }
    }
  }
}
