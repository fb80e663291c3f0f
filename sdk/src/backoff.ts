const FIRST_MS = 250
const LONGEST_MS = 30_000

/** Milliseconds to wait before try number `attempt` (from 1): doubling, and random so that clients do not return all at once. */
export function backoff(attempt: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20))
  return ceiling / 2 + Math.random() * (ceiling / 2)
}

/** Waits; returns early when the signal aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}
