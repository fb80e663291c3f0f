import type { ServerResponse } from 'node:http'
import { Queue, type Queued } from '../../platform/queue.ts'

/** Bytes that may wait for readers in all. */
const MAX_BYTES = 256 * 1024 * 1024
/** Below, the connection costs as much. */
const SMALL = 16 * 1024

/** What is cut off when its reader is too slow. */
type Response = Pick<ServerResponse, 'destroy' | 'on'>

class Waiting implements Queued<Waiting> {
  older: Waiting | null = null
  newer: Waiting | null = null
  readonly response: Response
  readonly bytes: number

  constructor(response: Response, bytes: number) {
    this.response = response
    this.bytes = bytes
  }
}

/**
 * The answers that their readers have not taken yet. Whoever asks for much and reads nothing shall not fill the memory: when
 * they are too much together, those that have waited longest are cut off.
 */
export class Unread {
  readonly #maxBytes: number
  readonly #waiting = new Queue<Waiting>()
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** Counts an answer that is about to be sent, until its response is closed. */
  add(response: Response, bytes: number): void {
    if (bytes < SMALL) return
    const waiting = new Waiting(response, bytes)
    this.#waiting.add(waiting)
    this.#bytes += bytes
    response.on('close', () => this.#remove(waiting))
    while (this.#bytes > this.#maxBytes && this.#waiting.oldest && this.#waiting.oldest !== waiting) {
      const slowest = this.#waiting.oldest
      this.#remove(slowest)
      slowest.response.destroy()
    }
  }

  #remove(waiting: Waiting): void {
    if (this.#waiting.remove(waiting)) this.#bytes -= waiting.bytes
  }
}

/** Those of this process. */
export const unread = new Unread()
