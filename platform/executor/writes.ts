/** Counts mutations as they start and end, so that a query joins none that started before one of them did. */
export interface Writes {
  readonly count: number
  written(): void
}

/** One for all executors of a gateway: what one subgraph writes may show in another's answers. */
export function createWrites(): Writes {
  let count = 0
  return {
    get count() {
      return count
    },
    written() {
      count++
    }
  }
}
