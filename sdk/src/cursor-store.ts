/**
 * Where a subscription keeps its place between runs. One store holds one cursor: give each subscription its own. It is
 * saved when the event before it has been handled, so after a crash the last event comes again rather than never.
 */
export interface CursorStore {
  /** The cursor saved last, null when there is none. */
  load(): Promise<string | null>
  save(cursor: string): Promise<void>
}

/** Keeps the cursor as long as the program runs. */
export function memoryCursorStore(initial: string | null = null): CursorStore {
  let cursor = initial
  return {
    load: async () => cursor,
    save: async next => {
      cursor = next
    }
  }
}

/** What this needs of `localStorage`. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** Keeps the cursor in the browser under `key`; two tabs that share a key share a place. */
export function localStorageCursorStore(key: string, storage: KeyValueStorage = browserStorage()): CursorStore {
  return {
    load: async () => storage.getItem(key),
    save: async cursor => storage.setItem(key, cursor)
  }
}

function browserStorage(): KeyValueStorage {
  const { localStorage } = globalThis as { localStorage?: KeyValueStorage }
  if (!localStorage) throw new TypeError('There is no localStorage here; use memoryCursorStore or @oaas/sdk/node.')
  return localStorage
}
