import type { Door, EnteredCaller } from './door.ts'
import type { Release } from './socket/connections.ts'

/** What ends an event stream from outside: its reader left, its token ran out, or it is to be opened again later. */
export type Ending = 'gone' | 'token' | 'later'

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Watches for what ends an event stream from outside. */
export class StreamEnd {
  readonly #stop = new AbortController()
  readonly #expiresAt: number
  readonly #endsAt: number
  readonly #forgets: Release[] = []
  #ending: Ending | null = null
  #timer: NodeJS.Timeout | undefined

  constructor({ transport, connections }: Door, { expiresAt }: EnteredCaller, gone: AbortSignal) {
    this.#expiresAt = expiresAt
    this.#endsAt = Math.min(expiresAt, Date.now() + transport.sessionMaxMs)
    const leave = () => this.#end('gone')
    if (gone.aborted) leave()
    else gone.addEventListener('abort', leave, { once: true })
    this.#watch()
    const undrain = connections.onDrain(() => this.#end('later'))
    this.#forgets.push(
      () => gone.removeEventListener('abort', leave),
      () => clearTimeout(this.#timer),
      undrain
    )
  }

  /** Fires with the end. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** What has ended the stream; null as long as nothing has. Asks the clock, so that nothing is sent too late. */
  reached(): Ending | null {
    if (this.#ending === null && Date.now() >= this.#endsAt) {
      this.#end(this.#expiresAt <= this.#endsAt ? 'token' : 'later')
    }
    return this.#ending
  }

  /** Watches no longer. */
  forget(): void {
    for (const forget of this.#forgets) forget()
  }

  /** A timer may fire a little before the clock is there, and cannot wait for weeks. */
  #watch(): void {
    const left = Math.max(this.#endsAt - Date.now(), 1)
    const look = () => {
      if (this.reached() === null) this.#watch()
    }
    this.#timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS)).unref()
  }

  #end(ending: Ending): void {
    this.#ending ??= ending
    this.#stop.abort()
  }
}
