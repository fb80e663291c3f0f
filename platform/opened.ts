/** Things opened one after the other, closed in the reverse order, each even when another fails to close. */
export class Opened implements AsyncDisposable {
  readonly #things: AsyncDisposable[] = []

  /** Keeps the thing until this is disposed, and gives it back. */
  use<T extends AsyncDisposable>(thing: T): T {
    this.#things.push(thing)
    return thing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (let thing = this.#things.pop(); thing; thing = this.#things.pop()) {
      try {
        await thing[Symbol.asyncDispose]()
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length) throw new AggregateError(failures, 'not everything could be closed')
  }
}
