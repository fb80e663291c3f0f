/** What a subgraph's subscription resolver reads from: every listener gets what is pushed after it began to listen. */
export interface Feed {
  readonly listeners: number
  /** Events that no listener has taken yet. */
  readonly waiting: number
  push(...events: unknown[]): void
  /** Ends every listener, as a source without more events does. */
  complete(): void
  listen(): AsyncIterableIterator<unknown>
  /** Resolves when so many listen. */
  until(listeners: number): Promise<void>
}

interface Listener {
  readonly waiting: unknown[]
  done: boolean
  wake: () => void
}

export function createFeed(): Feed {
  const open = new Set<Listener>()
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const watch of [...watchers]) watch()
  }
  const leave = (listener: Listener) => {
    listener.done = true
    open.delete(listener)
    listener.wake()
    changed()
  }
  return {
    get listeners() {
      return open.size
    },
    get waiting() {
      return Math.max(0, ...[...open].map(listener => listener.waiting.length))
    },
    push(...events) {
      for (const listener of open) {
        listener.waiting.push(...events)
        listener.wake()
      }
    },
    complete() {
      for (const listener of [...open]) leave(listener)
    },
    listen() {
      const listener: Listener = { waiting: [], done: false, wake: () => {} }
      open.add(listener)
      changed()
      const done = { done: true, value: undefined } as const
      return {
        async next() {
          while (listener.waiting.length === 0) {
            if (listener.done) return done
            await new Promise<void>(resolve => {
              listener.wake = resolve
            })
          }
          return { done: false, value: listener.waiting.shift() }
        },
        async return() {
          listener.waiting.length = 0
          leave(listener)
          return done
        },
        [Symbol.asyncIterator]() {
          return this
        }
      }
    },
    async until(listeners) {
      if (open.size === listeners) return
      await new Promise<void>(resolve => {
        const watch = () => {
          if (open.size !== listeners) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
      })
    }
  }
}
