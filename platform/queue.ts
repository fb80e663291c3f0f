/** What can stand in a queue. Its neighbours are the queue's business. */
export interface Queued<Item> {
  older: Item | null
  newer: Item | null
}

/**
 * A queue that any item can leave at any time, at once. The items are linked with each other, since a `Map` or `Set` through
 * which everything passes is dear: the tables that it has outgrown stay reachable from one another until the next full
 * collection, and with them everything that was in them.
 */
export class Queue<Item extends Queued<Item>> {
  #oldest: Item | null = null
  #newest: Item | null = null

  get oldest(): Item | null {
    return this.#oldest
  }

  /** Adds an item that stands in no queue. */
  add(item: Item): void {
    item.older = this.#newest
    if (this.#newest !== null) this.#newest.newer = item
    else this.#oldest = item
    this.#newest = item
  }

  /** Takes an item out; false = it was not in it. */
  remove(item: Item): boolean {
    const { older, newer } = item
    if (older === null && this.#oldest !== item) return false
    if (older !== null) older.newer = newer
    else this.#oldest = newer
    if (newer !== null) newer.older = older
    else this.#newest = older
    item.older = null
    item.newer = null
    return true
  }
}
