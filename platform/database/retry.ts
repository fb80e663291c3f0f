import { setTimeout as wait } from 'node:timers/promises'

export interface RetryOptions {
  /** Whether trying the same again can help. */
  readonly when: (error: unknown) => boolean
  /** Milliseconds after which the last error is thrown. */
  readonly within: number
  /** Milliseconds between the first two tries; doubles up to 50 times as much, with jitter. */
  readonly delay?: number
}

/** Tries again with growing pauses, without blocking anything else. */
export async function retry<T>(task: () => Promise<T> | T, { when, within, delay = 2 }: RetryOptions): Promise<T> {
  const end = performance.now() + within
  for (let pause = delay; ; pause = Math.min(pause * 2, delay * 50)) {
    try {
      return await task()
    } catch (error) {
      if (!when(error) || performance.now() >= end) throw error
    }
    await wait(pause * (0.5 + Math.random()))
  }
}
