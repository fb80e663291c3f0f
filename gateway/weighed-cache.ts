/** Something that is kept in memory. */
export interface Weighing {
  /** In bytes, about. */
  readonly weight: number
}

export interface WeighedCacheOptions {
  /** How many entries are kept at least, as far as they are light enough; at most twice as many. */
  readonly entries: number
  /** What all of them weigh at most, but for the last one. */
  readonly weight: number
}

/**
 * Keeps what was used last, by its weight: few heavy things or many light ones, so that no choice of what is put in fills
 * the memory. Two generations spare the order of use: what is looked up moves to the young one, and when that is full the
 * old one is dropped.
 */
export class WeighedCache<Value extends Weighing> {
  readonly #max: WeighedCacheOptions
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()
  #weight = 0

  constructor(max: WeighedCacheOptions) {
    this.#max = max
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: Value): void {
    this.#young.set(key, value)
    this.grew(value.weight)
  }

  /** Says that something in the cache weighs so much more. */
  grew(weight: number): void {
    this.#weight += weight
    if (this.#young.size < this.#max.entries && this.#weight < this.#max.weight / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#weight = 0
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#weight = 0
  }
}
