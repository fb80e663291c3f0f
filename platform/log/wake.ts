/** Something to wait for that may come before, during or never: what came before the wait ends it at once. */
export interface Wake {
  /** Ends the wait that is on, or the next one. */
  wake(): void
  /** Resolves when woken, when the signal aborts, or after this many milliseconds. */
  wait(signal: AbortSignal, milliseconds?: number): Promise<void>
}

/** Makes one; it has one waiter at a time. */
export function createWake(): Wake {
  let woken = false
  let resume: (() => void) | null = null
  return {
    wake() {
      woken = true
      resume?.()
    },
    async wait(signal, milliseconds) {
      if (!woken && !signal.aborted) {
        await new Promise<void>(resolve => {
          const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
          resume = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', end)
            resolve()
          }
          const end = resume
          signal.addEventListener('abort', end, { once: true })
        })
        resume?.()
        resume = null
      }
      woken = false
    }
  }
}
