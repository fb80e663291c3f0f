import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../platform/errors.ts'
import type { GraphQLRequest, Result } from '../engine.ts'
import { readJson } from './body.ts'
import { type Door, enter } from './door.ts'
import { failure } from './failure.ts'
import { serveEvents } from './sse.ts'

const RESPONSE = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'
const EVENTS = 'text/event-stream'

type MediaType = typeof RESPONSE | typeof JSON_TYPE | typeof EVENTS

/** One GraphQL-over-HTTP request: POST, or GET for queries; a subscription is answered as server-sent events. */
export async function serveGraphQL(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const mediaType = accepted(request.headers.accept)
  const stopTimer = door.metrics.duration.startTimer({ transport: 'http' })
  let kind = 'unknown'
  let code = 'none'
  try {
    if (mediaType === null) throw new Fault('NOT_ACCEPTABLE', `Accept ${RESPONSE}, ${JSON_TYPE} or ${EVENTS}.`)
    const caller = await enter(door, {
      authorization: request.headers.authorization,
      language: request.headers['accept-language'],
      readAfter: request.headers['read-after']
    })
    const graphQLRequest = await read(request, url)
    const prepared = door.engine.prepare(graphQLRequest, caller)
    kind = prepared.kind
    if (request.method === 'GET' && kind === 'mutation') {
      response.setHeader('allow', 'POST')
      throw new Fault('METHOD_NOT_ALLOWED', 'Mutations are sent by POST.')
    }
    if (prepared.kind === 'subscription') {
      if (mediaType !== EVENTS) throw new Fault('NOT_ACCEPTABLE', `Subscribe over a websocket, or accept ${EVENTS}.`)
      return await serveEvents(door, prepared, caller, request, response, gone.signal)
    }
    const result = await door.engine.execute(prepared, caller, gone.signal)
    code = String(result.errors?.[0]?.extensions?.['code'] ?? 'none')
    send(response, 200, mediaType, result)
  } catch (thrown) {
    const { status, errors } = failure(thrown, door.logger)
    code = String(errors[0]?.extensions['code'])
    if (status === 401) response.setHeader('www-authenticate', 'Bearer')
    // GraphQL over HTTP: under application/json a well-formed request is answered 200 even when its document is refused.
    const refusedDocument = code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED'
    send(response, mediaType === JSON_TYPE && refusedDocument ? 200 : status, mediaType ?? JSON_TYPE, { errors })
  } finally {
    stopTimer({ kind })
    door.metrics.operations.inc({ transport: 'http', kind, code })
  }
}

function send(
  response: ServerResponse,
  status: number,
  mediaType: MediaType,
  result: Result | { errors: Result['errors'] }
): void {
  if (response.destroyed || response.headersSent) return
  const body = JSON.stringify(result)
  response.writeHead(status, {
    'content-type': `${mediaType === EVENTS ? JSON_TYPE : mediaType}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'private, no-store',
    vary: 'Accept, Authorization, Origin'
  })
  response.end(body)
}

async function read(request: IncomingMessage, url: URL): Promise<GraphQLRequest> {
  if (request.method === 'POST') {
    const body = await readJson(request)
    if (Array.isArray(body)) throw new Fault('BAD_REQUEST', 'Batches are not accepted; send one request object.')
    if (typeof body !== 'object' || body === null)
      throw new Fault('BAD_REQUEST', 'The request body must be a JSON object with "query".')
    return body
  }
  // A page of another site can make a browser send a plain GET; it cannot make it send one of these headers unasked.
  const { headers } = request
  if (!headers.authorization && !headers['graphql-require-preflight'] && headers['content-type'] !== JSON_TYPE) {
    throw new Fault('BAD_REQUEST', 'Send GET queries with the header "GraphQL-Require-Preflight: 1", or use POST.')
  }
  const parameters = url.searchParams
  return {
    query: parameters.get('query') ?? undefined,
    operationName: parameters.get('operationName') ?? undefined,
    variables: jsonParameter(parameters, 'variables'),
    extensions: jsonParameter(parameters, 'extensions')
  }
}

function jsonParameter(parameters: URLSearchParams, name: string): unknown {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault('BAD_REQUEST', `The parameter "${name}" is not valid JSON.`)
  }
}

/** The media type to answer in, by the caller's order; null when it takes none of ours. */
function accepted(header: string | undefined): MediaType | null {
  if (header === undefined || header.trim() === '') return JSON_TYPE
  for (const part of header.split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase()
    if (type === RESPONSE || type === JSON_TYPE || type === EVENTS) return type
    if (type === '*/*' || type === 'application/*') return JSON_TYPE
  }
  return null
}
