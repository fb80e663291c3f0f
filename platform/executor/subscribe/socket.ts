import { validateHeaderName, validateHeaderValue } from 'node:http'
import { type Client, CloseCode, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { Fault } from '../../errors.ts'
import type { SubgraphRequest } from '../executor.ts'
import { SIGNATURE_HEADER, sign } from '../signature.ts'
import type { EventQueue } from './event-queue.ts'
import { responseOf, unavailable } from './response.ts'
import { sent } from './sent.ts'
import type { SubscriberOptions } from './subscriber.ts'

/** One socket and the subscriptions on it. */
export interface Connection {
  readonly options: SubscriberOptions
  readonly client: Client
  readonly running: Set<EventQueue>
  /** Bytes of the message that came last. */
  received(): number
  close(): void
}

/**
 * Opens a socket; `onClose` is called once, when no subscription is on it any more. One that breaks off is never opened
 * again: its subscriptions cannot be resumed, so their readers are told.
 */
export function connect(
  options: SubscriberOptions,
  url: URL,
  headers: Readonly<Record<string, string>>,
  onClose: () => void
): Connection {
  const { subgraph, secret, keepAliveMs } = options
  for (const [name, value] of Object.entries(headers)) check(name, value, subgraph)

  let received = 0
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, {
        headers: { ...headers },
        handshakeTimeout: options.connectTimeoutMs,
        maxPayload: options.eventBytes,
        perMessageDeflate: false
      })
      this.on('message', (data: Buffer) => {
        received = data.length
      })
    }
  }

  const running = new Set<EventQueue>()
  const failAll = (why: unknown) => {
    for (const queue of [...running]) queue.fail(lost(why, subgraph))
  }
  let silent: NodeJS.Timeout | undefined
  const client = createClient({
    url: url.href,
    webSocketImpl: Socket,
    // Connected at once and closed by `close` alone: in its lazy mode the client closes the socket of its last
    // subscription by itself, which another may have joined just then.
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: failAll,
    keepAlive: keepAliveMs,
    connectionAckWaitTimeout: options.timeoutMs,
    connectionParams: () => ({
      ...headers,
      ...(secret !== null && { [SIGNATURE_HEADER]: sign(secret, greeting(subgraph, url), Date.now()) })
    }),
    on: {
      ping(isReceived) {
        if (!isReceived) silent = setTimeout(() => client.terminate(), keepAliveMs)
      },
      pong(isReceived) {
        if (isReceived) clearTimeout(silent)
      },
      error: failAll,
      closed(event) {
        clearTimeout(silent)
        failAll(event)
      }
    }
  })

  return {
    options,
    client,
    running,
    received: () => received,
    close() {
      onClose()
      // It rejects when the socket never opened, which the readers have been told.
      Promise.resolve(client.dispose()).catch(() => {})
    }
  }
}

/** Subscribes on a socket; the returned function ends it, and must be called when the queue takes nothing more. */
export function listen(connection: Connection, queue: EventQueue, request: SubgraphRequest): () => void {
  const { client, running, received } = connection
  const { subgraph, secret } = connection.options
  running.add(queue)
  const unsubscribe = client.subscribe(sent(request, secret), {
    next(payload) {
      try {
        queue.push(responseOf(payload, subgraph), received())
      } catch (fault) {
        queue.fail(fault instanceof Fault ? fault : lost(fault, subgraph))
      }
    },
    error(error) {
      if (!Array.isArray(error)) return queue.fail(lost(error, subgraph))
      queue.push({ data: null, errors: error }, received())
      queue.end()
    },
    complete: () => queue.end()
  })
  return () => {
    if (!running.delete(queue)) return
    unsubscribe()
    if (running.size === 0) connection.close()
  }
}

/** What the signature of a socket's first message holds for: whoever opened the socket speaks on it. */
function greeting(subgraph: string, { pathname, search }: URL) {
  return { audience: subgraph, method: 'GET', path: pathname + search, body: '' }
}

/** A header that cannot be sent must not reach the socket's constructor, whose error nobody would catch. */
function check(name: string, value: string, subgraph: string): void {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch (thrown) {
    throw unavailable(subgraph, `The header ${name} cannot be forwarded to ${subgraph}.`, thrown)
  }
}

/** Says why a socket is gone, from its close event or error. */
function lost(why: unknown, subgraph: string): Fault {
  // The members of ws's events are getters of their classes.
  const { code, error: cause = why } = Object(why) as { readonly code?: unknown; readonly error?: unknown }
  if (code === CloseCode.ConnectionAcknowledgementTimeout) {
    return new Fault('TIMEOUT', `${subgraph} did not acknowledge the connection in time; try again.`, { subgraph })
  }
  const about = typeof code === 'number' ? ` with code ${code}` : ''
  return unavailable(subgraph, `${subgraph} ended the connection of its subscriptions${about}.`, cause)
}
