import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../platform/errors.ts'
import type { Prepared } from '../engine.ts'
import { answerBatch } from './batch.ts'
import type { Deadlines } from './deadlines.ts'
import { type Door, type EnteredCaller, enter, originAllowed } from './door.ts'
import { Exchange } from './exchange.ts'
import { acceptedType, EVENTS_TYPE, JSON_TYPE, RESPONSE_TYPE } from './media-type.ts'
import { readParameters } from './parameters.ts'
import { serveEvents } from './sse.ts'

/**
 * One GraphQL-over-HTTP request: POST, or GET for queries; one operation or a batch; answered as JSON or, as its caller
 * prefers, as server-sent events. Never rejects.
 */
export async function serveGraphQL(
  door: Door,
  deadlines: Deadlines,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  // One after the other on a connection: answers that wait behind one that nobody reads would only fill the memory.
  if (response.socket === null) await new Promise(turn => response.once('socket', turn))
  const exchange = new Exchange(door, request, response)
  try {
    admit(door, exchange)
    const { headers } = request
    const entered = enter(door, {
      authorization: headers.authorization,
      language: headers['accept-language'],
      readAfter: headers['read-after'],
      headers,
      trace: exchange.trace.headers
    })
    const caller = entered instanceof Promise ? await entered : entered
    exchange.caller = caller
    const parameters = await readParameters(request, door.transport.bodyBytes)
    if (isBatch(parameters)) {
      deadlines.add(exchange)
      return await answerBatch(door, exchange, parameters, caller)
    }
    const prepared = door.engine.prepare(parameters, caller)
    exchange.prepared = prepared
    if (request.method !== 'POST' && prepared.kind === 'mutation')
      throw new Fault('METHOD_NOT_ALLOWED', 'Mutations are sent by POST.')
    if (prepared.kind !== 'subscription') deadlines.add(exchange)
    if (exchange.mediaType === EVENTS_TYPE) return await stream(door, exchange, prepared, caller)
    if (prepared.kind === 'subscription')
      throw new Fault('NOT_ACCEPTABLE', `Subscribe over a websocket, or accept ${EVENTS_TYPE}.`)
    exchange.answer(await door.engine.execute(prepared, caller, exchange.signal))
  } catch (thrown) {
    exchange.refuse(thrown)
  } finally {
    deadlines.forget(exchange)
  }
}

/** What is refused whoever asks and whatever is asked. */
function admit({ corsOrigins }: Door, exchange: Exchange): void {
  const { request } = exchange
  const { origin, accept, authorization } = request.headers
  if (!originAllowed(request, corsOrigins))
    throw new Fault('FORBIDDEN', 'This origin may not call the API from a browser; add it to CORS_ORIGINS.')
  exchange.allowedOrigin = origin ?? null
  const mediaType = acceptedType(accept)
  if (mediaType === null) throw new Fault('NOT_ACCEPTABLE', `Accept ${RESPONSE_TYPE}, ${JSON_TYPE} or ${EVENTS_TYPE}.`)
  exchange.mediaType = mediaType
  if (authorization !== undefined) checkAuthorization(authorization, request.rawHeaders)
}

const PRINTABLE = /^[\x20-\x7e]*$/

/** Two parties on the way may each believe another of two headers, or read bytes that are no text in another way. */
function checkAuthorization(value: string, rawHeaders: readonly string[]): void {
  if (!PRINTABLE.test(value))
    throw new Fault('BAD_REQUEST', 'The Authorization header holds characters outside of ASCII.')
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count++
  }
  if (count > 1) throw new Fault('BAD_REQUEST', 'Send one Authorization header.')
}

function isBatch(parameters: unknown): parameters is readonly unknown[] {
  return Array.isArray(parameters)
}

async function stream(door: Door, exchange: Exchange, prepared: Prepared, caller: EnteredCaller): Promise<void> {
  const { request, response, allowedOrigin } = exchange
  exchange.transport = 'sse'
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-request-id', exchange.trace.id)
  if (allowedOrigin !== null) response.setHeader('access-control-allow-origin', allowedOrigin)
  exchange.finish(await serveEvents(door, prepared, caller, request, response, exchange.signal))
}
