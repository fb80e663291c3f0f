import type { Duplex } from 'node:stream'

/** While more than this waits, events are held back, so that answers and pongs find room. */
const LOW_WATER_BYTES = 64 * 1024

/**
 * What is on its way to one socket. Whole frames are written straight to the stream beneath ws: without compression ws
 * queues nothing of its own, so frames and its control frames cannot mix. The frames of one tick leave in one write.
 */
export class Outbox {
  readonly #stream: Duplex
  readonly #maxBytes: number
  #inFlight = 0
  #taken = 0
  #takenBefore = 0
  #waitedBefore = false
  #corked = false
  #flushed: Promise<void> | undefined
  #settle: (() => void) | undefined

  constructor(stream: Duplex, maxBytes: number) {
    this.#stream = stream
    this.#maxBytes = maxBytes
  }

  /** Puts a frame on its way; false, and nothing is sent, when more than the limit waits for the reader already. */
  send(frame: Buffer): boolean {
    const stream = this.#stream
    if (this.#corked && stream.writableLength > this.#maxBytes) this.#uncork()
    if (stream.writableLength > this.#maxBytes) return false
    if (!this.#corked) {
      this.#corked = true
      stream.cork()
      process.nextTick(this.#uncork)
    }
    this.#inFlight++
    stream.write(frame, this.#written)
    return true
  }

  /** Whether so much waits for the reader that events should. */
  get full(): boolean {
    return this.#stream.writableLength > LOW_WATER_BYTES
  }

  get waiting(): boolean {
    return this.#inFlight > 0
  }

  /**
   * When the system has taken all that was sent until now, in the next turn of the event loop: a source that always has
   * something must not keep it from everybody else. Undefined when it was taken in an earlier turn.
   */
  flushed(): Promise<void> | undefined {
    if (this.#inFlight === 0) return undefined
    this.#flushed ??= new Promise(resolve => {
      this.#settle = resolve
    })
    return this.#flushed
  }

  /**
   * Whether frames have waited since this was asked last, and some of them were taken: the sign of a reader that is slow
   * and lives, since the system takes from a full socket only what the other side has received.
   */
  emptying(): boolean {
    const emptying = this.#waitedBefore && this.waiting && this.#taken !== this.#takenBefore
    this.#takenBefore = this.#taken
    this.#waitedBefore = this.waiting
    return emptying
  }

  /** Lets go whoever waits: nothing is sent any more. */
  close(): void {
    this.#settled()
  }

  readonly #settled = () => {
    const settle = this.#settle
    this.#flushed = undefined
    this.#settle = undefined
    settle?.()
  }

  readonly #uncork = () => {
    if (!this.#corked) return
    this.#corked = false
    this.#stream.uncork()
  }

  readonly #written = () => {
    this.#taken++
    if (--this.#inFlight === 0 && this.#flushed) setImmediate(this.#settled)
  }
}
