import { createEventQueue } from './event-queue.ts'
import { unavailable } from './response.ts'
import { forwardedHeaders } from './sent.ts'
import { type Connection, connect, listen } from './socket.ts'
import type { Subscriber, SubscriberOptions } from './subscriber.ts'

/**
 * Subscribes over graphql-transport-ws: one socket for all subscriptions that are forwarded with the same headers, open
 * while there are any.
 */
export function webSocketSubscriber(options: SubscriberOptions): Subscriber {
  const { subgraph, forwardHeaders, waitingEvents, waitingBytes } = options
  const url = new URL(options.url.replace(/^http/, 'ws'))
  // A socket's URL must have none, and its constructor's error would reach nobody.
  url.hash = ''
  const connections = new Map<string, Connection>()
  let disposed = false
  let allClosed = () => {}
  const closed = new Promise<void>(resolve => {
    allClosed = resolve
  })

  const connectionOf = (headers: Readonly<Record<string, string>>): Connection => {
    const key = JSON.stringify(headers)
    const known = connections.get(key)
    if (known) return known
    const connection = connect(options, url, headers, () => {
      connections.delete(key)
      if (disposed && connections.size === 0) allClosed()
    })
    connections.set(key, connection)
    return connection
  }

  return {
    async *subscribe(request) {
      const { signal } = request
      if (signal?.aborted) return
      if (disposed) throw unavailable(subgraph, `${subgraph} is not asked here any more; try again.`)
      let stop = () => {}
      const queue = createEventQueue({ waitingEvents, waitingBytes, onEnd: () => stop() })
      stop = listen(connectionOf(forwardedHeaders(request, forwardHeaders)), queue, request)
      signal?.addEventListener('abort', queue.close, { once: true })
      try {
        yield* queue
      } finally {
        signal?.removeEventListener('abort', queue.close)
      }
    },
    [Symbol.asyncDispose]() {
      disposed = true
      if (connections.size === 0) allClosed()
      return closed
    }
  }
}
