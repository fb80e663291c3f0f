import type { Executor } from '../executor.ts'
import { webSocketSubscriber } from './graphql-ws.ts'
import { httpSubscriber } from './http.ts'
import { MULTIPART } from './multipart.ts'
import { SSE } from './sse.ts'
import { DEFAULT_SUBSCRIBER_LIMITS, type Subscriber, type SubscriberOptions } from './subscriber.ts'

/** Hears a subgraph by the protocol that it speaks. Nothing is connected before somebody listens. */
export function subscribeOver(
  protocol: 'graphql-ws' | 'sse' | 'multipart',
  given: Pick<SubscriberOptions, 'url' | 'subgraph' | 'secret'> & Partial<SubscriberOptions>
): Subscriber {
  const options = { ...DEFAULT_SUBSCRIBER_LIMITS, forwardHeaders: [], ...given }
  if (protocol === 'graphql-ws') return webSocketSubscriber(options)
  return httpSubscriber(protocol === 'sse' ? SSE : MULTIPART, options)
}

/** An executor that also subscribes; disposing it disposes of both. */
export function withSubscriptions(executor: Executor, subscriber: Subscriber): Executor {
  return {
    execute: request => executor.execute(request),
    subscribe: request => subscriber.subscribe(request),
    async [Symbol.asyncDispose]() {
      await Promise.all([subscriber[Symbol.asyncDispose](), executor[Symbol.asyncDispose]()])
    }
  }
}
