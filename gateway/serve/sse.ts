import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Fault } from '../../platform/errors.ts'
import type { Prepared, Result } from '../engine.ts'
import { subscribe } from '../subscribe/subscribe.ts'
import type { Door, EnteredCaller } from './door.ts'
import { completeEvent, nextEvent, oneEvent } from './events.ts'
import { failure } from './failure.ts'
import { retryAfterMs } from './socket/closing.ts'
import { isProven } from './socket/connections.ts'
import { StreamEnd } from './sse-end.ts'
import { unread } from './unread.ts'

/** A comment: proxies see that the stream lives, clients see nothing. */
const ALIVE = ':\n\n'

/**
 * An operation as server-sent events (the "distinct connections" mode of GraphQL over SSE): `next` for each result, of a
 * delivery with its cursor as the event's id, so that a browser resumes by `Last-Event-ID`, then `complete`. A stream that
 * ends without `complete` is to be opened again. Gives back the first error's code, `none` without one; throws what keeps
 * it from beginning, before anything is sent.
 */
export async function serveEvents(
  door: Door,
  prepared: Prepared,
  caller: EnteredCaller,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal
): Promise<string> {
  if (prepared.kind !== 'subscription') {
    const result = await door.engine.execute(prepared, caller, gone)
    // It took too long, and has been refused.
    if (response.headersSent) return 'TIMEOUT'
    const text = oneEvent(result.text)
    begin(response)
    unread.add(response, Buffer.byteLength(text))
    response.end(text)
    return codeOf(result.errors)
  }
  if (request.method === 'HEAD') {
    begin(response)
    response.end()
    return 'none'
  }
  const { connections } = door
  const place = isProven(caller) ? connections.proven(caller) : connections.unproven(request.socket.remoteAddress)
  if (!place)
    throw new Fault('RATE_LIMITED', 'This caller has too many sockets and event streams open; close some of them.')
  const end = new StreamEnd(door, caller, gone)
  try {
    return await stream(door, prepared, caller, request, response, end)
  } finally {
    end.forget()
    place()
  }
}

async function stream(
  door: Door,
  prepared: Prepared,
  caller: EnteredCaller,
  request: IncomingMessage,
  response: ServerResponse,
  end: StreamEnd
): Promise<string> {
  const { metrics, logger } = door
  const lastEventId = request.headers['last-event-id']
  const deliveries = await subscribe(
    door,
    prepared,
    caller,
    end.signal,
    typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined
  )
  begin(response)
  response.write(ALIVE)
  keepAlive(response, door.transport.keepAliveMs)
  metrics.subscriptions.inc()
  try {
    for await (const delivery of deliveries) {
      if (end.reached()) break
      metrics.deliveries.inc()
      await write(response, nextEvent(delivery.text, delivery.extensions?.cursor), end.signal)
    }
    response.end(last(end))
  } catch (thrown) {
    if (end.reached()) response.end(last(end))
    else {
      const { errors } = failure(thrown, logger)
      response.end(refusal(errors) + completeEvent())
      return codeOf(errors)
    }
  } finally {
    metrics.subscriptions.dec()
  }
  return 'none'
}

function begin(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'private, no-store, no-transform',
    connection: 'keep-alive',
    vary: 'Accept, Authorization, Origin',
    // nginx would otherwise keep events until it has a buffer full of them.
    'x-accel-buffering': 'no'
  })
}

function refusal(errors: Result['errors']): string {
  return nextEvent(JSON.stringify({ errors }))
}

/** What is said at the end of a stream, by what ended it. */
function last(end: StreamEnd): string {
  switch (end.reached()) {
    case 'token': {
      const fault = new Fault(
        'UNAUTHENTICATED',
        'The token has expired; connect again with a new one and the last event id.'
      )
      return refusal([fault.toGraphQL()]) + completeEvent()
    }
    case 'later':
      return `retry: ${retryAfterMs()}\n\n`
    case 'gone':
      return ''
    default:
      return completeEvent()
  }
}

function codeOf(errors: Result['errors']): string {
  return String(errors?.[0]?.extensions['code'] ?? 'none')
}

/** Waits for a slow reader instead of piling events up in memory, and gives everybody else a turn between two events. */
async function write(response: ServerResponse, text: string, ended: AbortSignal): Promise<void> {
  if (response.write(text) || ended.aborted) await nextTurn()
  else await once(response, 'drain', { signal: ended }).catch(() => undefined)
}

/** Comments into a quiet stream; a reader that takes nothing of what waits from one to the next of them is cut off. */
function keepAlive(response: ServerResponse, everyMs: number): void {
  let taken = true
  response.on('drain', () => {
    taken = true
  })
  const timer = setInterval(() => {
    if (response.writableLength === 0 && !response.writableEnded) response.write(ALIVE)
    else if (!taken) response.destroy()
    taken = false
  }, everyMs).unref()
  response.on('close', () => clearInterval(timer))
}
