/** Duplicates come from around a reconnect, so the latest ids are enough; this bounds the memory of a stream that never ends. */
const REMEMBERED = 4_096

/** The ids that were seen lately. */
export class Seen {
  readonly #ids = new Set<string>()

  /** False when the id is there already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false
    this.#ids.add(id)
    if (this.#ids.size > REMEMBERED) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest)
        break
      }
    }
    return true
  }
}
