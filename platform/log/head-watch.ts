import type { Position } from './log.ts'

/** Milliseconds between two looks for what other processes have appended. */
const POLL = 250

/** Wakes listeners when the head moves: at once when this process moved it, by polling when another did. */
export class HeadWatch {
  readonly #head: () => Promise<Position>
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #last: Position = -1
  #polling = false

  constructor(head: () => Promise<Position>) {
    this.#head = head
  }

  /** Adds a listener; the result removes it. */
  add(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    this.#timer ??= setInterval(() => void this.#poll(), POLL).unref()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.stop()
    }
  }

  /** Says that there is more to read. */
  nudge(): void {
    for (const listener of this.#listeners) listener()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #poll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      const head = await this.#head()
      if (head !== this.#last) this.nudge()
      this.#last = head
    } catch {
      // Whoever listens reads for itself and meets the failure there.
      this.nudge()
    } finally {
      this.#polling = false
    }
  }
}
