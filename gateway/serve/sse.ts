import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../platform/errors.ts'
import type { Prepared } from '../engine.ts'
import { subscribe } from '../subscribe/subscribe.ts'
import type { Door, EnteredCaller } from './door.ts'
import { failure } from './failure.ts'

const KEEP_ALIVE_MS = 12_000

/**
 * A subscription as server-sent events (the "distinct connections" mode of GraphQL over SSE): `next` for each delivery
 * with its cursor as the event id, so that a browser resumes by `Last-Event-ID`, then `complete`.
 */
export async function serveEvents(
  door: Door,
  prepared: Prepared,
  caller: EnteredCaller,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal
): Promise<void> {
  const lastEventId = request.headers['last-event-id']
  const ended = AbortSignal.any([gone, tokenEnd(caller.expiresAt)])
  const deliveries = await subscribe(
    door,
    prepared,
    caller,
    ended,
    typeof lastEventId === 'string' ? lastEventId : undefined
  )
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'private, no-store',
    connection: 'keep-alive'
  })
  response.write(':\n\n')
  const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS)
  door.metrics.subscriptions.inc()
  try {
    for await (const delivery of deliveries) {
      door.metrics.deliveries.inc()
      await write(
        response,
        `event: next\nid: ${delivery.extensions.cursor}\ndata: ${JSON.stringify(delivery)}\n\n`,
        gone
      )
    }
    if (!gone.aborted)
      throw new Fault('UNAUTHENTICATED', 'The token has expired; connect again with a new one and the last event id.')
  } catch (thrown) {
    if (!gone.aborted)
      response.write(`event: next\ndata: ${JSON.stringify({ errors: failure(thrown, door.logger).errors })}\n\n`)
  } finally {
    door.metrics.subscriptions.dec()
    clearInterval(keepAlive)
    response.end('event: complete\ndata:\n\n')
  }
}

/** Waits for a slow reader instead of piling events up in memory. */
async function write(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (response.write(text) || gone.aborted) return
  await once(response, 'drain', { signal: gone }).catch(() => undefined)
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Aborts when the token ends. */
export function tokenEnd(expiresAt: number): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.min(expiresAt - Date.now(), LONGEST_TIMER_MS)))
}
