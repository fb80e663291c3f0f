import { Fault } from '../errors.ts'
import { Queue, type Queued } from '../queue.ts'

/** The fault of a request whose signal fired: the signal's reason when that is a fault, else TIMEOUT. */
export function abortFault(signal: AbortSignal, subgraph: string): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('TIMEOUT', `${subgraph} did not answer in time; try again.`, { subgraph }, { cause: signal.reason })
}

/** Something that ends when a signal fires. */
export interface Abortable extends Queued<Abortable> {
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
  readonly #waiting = new Queue<Abortable>()

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#fire(), { once: true })
  }

  add(abortable: Abortable): void {
    this.#waiting.add(abortable)
  }

  remove(abortable: Abortable): void {
    this.#waiting.remove(abortable)
  }

  #fire(): void {
    for (let oldest = this.#waiting.oldest; oldest !== null; oldest = this.#waiting.oldest) {
      this.#waiting.remove(oldest)
      oldest.aborted()
    }
  }
}
