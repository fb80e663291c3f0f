import { type Abortable, type AbortHub, abortFault, abortHub } from './abort.ts'
import { copied } from './copied.ts'
import type { SubgraphResponse } from './executor.ts'
import type { Exchange, Waiting } from './send.ts'

/** A question on its way, and all who wait for its answer. Each gets data of its own, since callers complete what they get. */
export class Flight implements Waiting {
  sent: Exchange | null = null
  /** Called once, when nobody can join any more. */
  ended: (() => void) | null = null
  readonly #subgraph: string
  /** Most have one waiter, and a list would live in the old generation with all that it holds. */
  #first: Waiter | null = null
  #others: Waiter[] | null = null

  constructor(subgraph: string) {
    this.#subgraph = subgraph
  }

  /** Waits for the answer; the signal ends this waiting alone, and the last one to leave cancels the question. */
  join(
    signal: AbortSignal | undefined,
    resolve: (response: SubgraphResponse) => void,
    reject: (reason: unknown) => void
  ): void {
    const waiter = new Waiter(this, signal, resolve, reject)
    if (this.#first === null) this.#first = waiter
    else if (this.#others === null) this.#others = [waiter]
    else this.#others.push(waiter)
  }

  leave(waiter: Waiter, signal: AbortSignal): void {
    const others = this.#others ?? []
    if (this.#first === waiter) this.#first = others.shift() ?? null
    else others.splice(others.indexOf(waiter), 1)
    if (this.#first === null) {
      this.ended?.()
      this.sent?.cancel()
    }
    waiter.reject(abortFault(signal, this.#subgraph))
  }

  answered(response: SubgraphResponse): void {
    this.ended?.()
    // Nobody runs before all copies are made: a promise that is resolved goes on in a later microtask.
    if (this.#others !== null) for (const waiter of this.#others) waiter.give(response)
    this.#first?.stop().resolve(response)
  }

  failed(reason: unknown): void {
    this.ended?.()
    this.#first?.stop().reject(reason)
    if (this.#others !== null) for (const waiter of this.#others) waiter.stop().reject(reason)
  }
}

class Waiter implements Abortable {
  older: Abortable | null = null
  newer: Abortable | null = null
  readonly resolve: (response: SubgraphResponse) => void
  readonly reject: (reason: unknown) => void
  readonly #flight: Flight
  readonly #signal: AbortSignal | undefined
  readonly #hub: AbortHub | null

  constructor(
    flight: Flight,
    signal: AbortSignal | undefined,
    resolve: (response: SubgraphResponse) => void,
    reject: (reason: unknown) => void
  ) {
    this.resolve = resolve
    this.reject = reject
    this.#flight = flight
    this.#signal = signal
    this.#hub = signal ? abortHub(signal) : null
    this.#hub?.add(this)
  }

  aborted(): void {
    if (this.#signal) this.#flight.leave(this, this.#signal)
  }

  stop(): this {
    this.#hub?.remove(this)
    return this
  }

  give(response: SubgraphResponse): void {
    this.stop()
    try {
      this.resolve(copied(response))
    } catch (tooDeep) {
      this.reject(tooDeep)
    }
  }
}
