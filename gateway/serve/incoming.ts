import { IncomingMessage } from 'node:http'

/**
 * A request that is an upgrade only when it asks for a websocket. With anyone listening for upgrades, node:http takes every
 * `Upgrade` header for one; but Java's client sends `Upgrade: h2c` with its first request, and HTTP lets a server answer
 * that as if it had not.
 */
export class Incoming extends IncomingMessage {
  // No initial value: the base class sets `upgrade` before one could be given.
  private wanted?: boolean | null

  /** Set and read by node:http. */
  get upgrade(): boolean | null {
    return this.wanted === true ? this.headers.upgrade?.toLowerCase() === 'websocket' : (this.wanted ?? null)
  }

  set upgrade(value: boolean | null) {
    this.wanted = value
  }
}
