import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Refuses a transaction inside a transaction of the same database: in SQLite it would wait for itself for ever, in MySQL
 * it would commit apart from the outer one. What merely outlives the transaction it was started in is let through.
 */
export function refuseNesting(name: string): <T>(work: () => Promise<T>) => Promise<T> {
  const storage = new AsyncLocalStorage<{ open: boolean }>()
  return async work => {
    if (storage.getStore()?.open) throw new Error(`database ${name}: a transaction was started inside a transaction`)
    const current = { open: true }
    try {
      return await storage.run(current, work)
    } finally {
      current.open = false
    }
  }
}
