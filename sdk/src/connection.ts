import { createClient, type Client as SocketClient } from 'graphql-ws/client'
import { sleep } from './backoff.ts'
import { Inbox, type Taken } from './inbox.ts'

const PING_EVERY_MS = 15_000
const PONG_WITHIN_MS = 10_000
const ACK_WITHIN_MS = 10_000
/** A server that closes at once in good order (1000) is not asked again sooner than this. */
const CONNECT_EVERY_MS = 250
/** Results that may wait for a slow consumer; beyond it the subscription pauses and later resumes by its cursor. */
const WAITING_LIMIT = 1_000

export interface ConnectionOptions {
  /** `ws:` or `wss:` address. */
  readonly url: string
  /** Payload of `connection_init`; called at every connect. */
  parameters(): Promise<Record<string, unknown>>
  /** A WebSocket class, where the platform has none of its own. */
  readonly WebSocket?: unknown
}

/** What graphql-ws needs to subscribe; read again at every (re)connect. */
export interface Subscription {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly extensions?: Record<string, unknown>
}

/** One `next` message. */
export interface Received {
  readonly data?: Record<string, unknown> | null
  readonly errors?: unknown
  readonly extensions?: Record<string, unknown>
}

/** A running subscription. */
export interface Incoming {
  take(): Promise<Taken<Received>>
  leave(): void
}

/** One websocket for all subscriptions of a client: opened by the first, closed after the last, pinged while it is open. */
export class Connection {
  readonly #client: SocketClient
  #token: string | null = null
  #connectedAt = 0

  constructor({ url, parameters, WebSocket }: ConnectionOptions) {
    let pong: ReturnType<typeof setTimeout> | undefined
    this.#client = createClient({
      url: async () => {
        await sleep(this.#connectedAt + CONNECT_EVERY_MS - Date.now())
        this.#connectedAt = Date.now()
        return url
      },
      connectionParams: parameters,
      webSocketImpl: WebSocket,
      // Every subscription comes back by itself, with the cursor that it has by then: see subscribe.ts.
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      connectionAckWaitTimeout: ACK_WITHIN_MS,
      on: {
        connected: (_socket, payload) => {
          this.#token = tokenOf(payload)
        },
        ping: received => {
          // A cut cable closes nothing: only the missing pong tells.
          if (!received) pong = setTimeout(() => this.#client.terminate(), PONG_WITHIN_MS)
        },
        pong: received => {
          if (received) clearTimeout(pong)
        },
        closed: () => clearTimeout(pong)
      }
    })
  }

  /** The place in the log that the server named when it acknowledged this connection. */
  get token(): string | null {
    return this.#token
  }

  /** Results of one subscription on the present connection, until something cuts it or the signal aborts. */
  subscribe(subscription: Subscription, signal: AbortSignal): Incoming {
    const inbox = new Inbox<Received>()
    const stop = this.#client.subscribe<Record<string, unknown>, Record<string, unknown>>(subscription, {
      next: result => {
        inbox.put(result)
        if (inbox.waiting >= WAITING_LIMIT) leave()
      },
      error: error => inbox.end(error),
      complete: () => inbox.end()
    })
    const leave = () => {
      signal.removeEventListener('abort', leave)
      stop()
      inbox.end()
    }
    signal.addEventListener('abort', leave)
    return { take: () => inbox.take(), leave }
  }

  close(): void {
    void this.#client.dispose()
  }
}

function tokenOf(payload: Record<string, unknown> | undefined): string | null {
  const cursor = payload?.['cursor']
  return typeof cursor === 'string' ? cursor : null
}
