import type { Position } from '../log/log.ts'

/** One caller who waits until its facts are in the log. */
interface Flush {
  readonly missing: Set<string>
  last: Position | null
  readonly resolve: (position: Position | null) => void
  readonly reject: (reason: unknown) => void
}

/** One look at the outbox; it owes an answer to those who were waiting when it began. */
export interface Pass {
  /** Everything was sent: who still waits asked for facts that were sent before, and gets null. */
  end(): void
  fail(reason: unknown): void
}

/** Who waits for which facts. A fact that is committed before a pass starts is sent by that pass, if not earlier. */
export class Flushes {
  readonly #byEvent = new Map<string, Flush[]>()
  #next: Flush[] = []

  get waiting(): boolean {
    return this.#next.length > 0
  }

  /** Resolves with the last position of these facts, or null when this process has not sent them all just now. */
  add(eventIds: readonly string[]): Promise<Position | null> {
    return new Promise((resolve, reject) => {
      const flush: Flush = { missing: new Set(eventIds), last: null, resolve, reject }
      this.#next.push(flush)
      for (const id of flush.missing) this.#byEvent.set(id, [...(this.#byEvent.get(id) ?? []), flush])
    })
  }

  /** Says that a fact is in the log. */
  sent(eventId: string, position: Position): void {
    for (const flush of this.#byEvent.get(eventId) ?? []) {
      flush.missing.delete(eventId)
      flush.last = Math.max(flush.last ?? 0, position)
      if (flush.missing.size === 0) flush.resolve(flush.last)
    }
    this.#byEvent.delete(eventId)
  }

  startPass(): Pass {
    const served = this.#next
    this.#next = []
    const settle = (answer: (flush: Flush) => void): void => {
      for (const flush of served) {
        for (const id of flush.missing) this.#byEvent.delete(id)
        answer(flush)
      }
    }
    return { end: () => settle(flush => flush.resolve(null)), fail: reason => settle(flush => flush.reject(reason)) }
  }
}
