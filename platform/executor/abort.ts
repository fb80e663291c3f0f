import { Fault } from '../errors.ts'

/** The fault of a request whose signal fired: the signal's reason when that is a fault, else TIMEOUT. */
export function abortFault(signal: AbortSignal, subgraph: string): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('TIMEOUT', `${subgraph} did not answer in time; try again.`, { subgraph }, { cause: signal.reason })
}

/** Something that ends when a signal fires. */
export interface Abortable {
  /** Its neighbours among those of the same signal. */
  before: Abortable | null
  after: Abortable | null
  aborted(): void
}

const hubs = new WeakMap<AbortSignal, AbortHub>()

/** Where one signal's fetches hear of its abort: they share one listener, which costs as much as one fetch's own would. */
export function abortHub(signal: AbortSignal): AbortHub {
  let hub = hubs.get(signal)
  if (hub === undefined) {
    hub = new AbortHub(signal)
    hubs.set(signal, hub)
  }
  return hub
}

export class AbortHub {
  #last: Abortable | null = null

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#fire(), { once: true })
  }

  add(abortable: Abortable): void {
    abortable.before = this.#last
    if (this.#last !== null) this.#last.after = abortable
    this.#last = abortable
  }

  remove(abortable: Abortable): void {
    const { before, after } = abortable
    if (before !== null) before.after = after
    if (after !== null) after.before = before
    else if (this.#last === abortable) this.#last = before
    abortable.before = null
    abortable.after = null
  }

  #fire(): void {
    for (let last = this.#last; last !== null; last = this.#last) {
      this.remove(last)
      last.aborted()
    }
  }
}
