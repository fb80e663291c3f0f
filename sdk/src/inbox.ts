/** The next item, or what ended them (undefined: a quiet end). */
export type Taken<Item> = { readonly item: Item } | { readonly cause: unknown }

/** What arrived and was not yet taken. What was put before the end is still handed out; one taker at a time. */
export class Inbox<Item> {
  readonly #items: Item[] = []
  #end: { readonly cause: unknown } | undefined
  #wake: () => void = () => {}

  get waiting(): number {
    return this.#items.length
  }

  put(item: Item): void {
    if (this.#end) return
    this.#items.push(item)
    this.#wake()
  }

  /** Nothing more comes. The first end counts. */
  end(cause?: unknown): void {
    this.#end ??= { cause }
    this.#wake()
  }

  async take(): Promise<Taken<Item>> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) return { item }
      if (this.#end) return this.#end
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}
