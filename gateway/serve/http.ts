import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import sirv from 'sirv'
import { Fault } from '../../platform/errors.ts'
import { answerClientError } from './client-error.ts'
import { Deadlines } from './deadlines.ts'
import { type Door, hostAllowed, originAllowed, pathOf } from './door.ts'
import { failure } from './failure.ts'
import { finished } from './finished.ts'
import { serveGraphQL } from './graphql-http.ts'
import type { Readiness } from './health.ts'
import { Incoming } from './incoming.ts'
import { serveWebSockets } from './websocket.ts'

export const GRAPHQL_PATH = '/graphql'

export interface HttpOptions {
  readonly host: string
  readonly port: number
  /** Directory of the console's built files; null serves none. */
  readonly consoleDir: string | null
  readonly readiness: () => Promise<Readiness>
}

export interface HttpServer extends AsyncDisposable {
  readonly url: string
}

const MAX_HEADERS = 100
/** How often late requests are looked for. */
const LATE_CHECK_MS = 1_000
/** Longer than load balancers keep theirs, so that none sends a request into a connection that is being closed. */
const KEEP_ALIVE_MS = 65_000
/** How often idle connections are closed while the router is on its way out. */
const DRAIN_CHECK_MS = 50

type Files = ReturnType<typeof sirv>

/** Opens the door: GraphQL over HTTP and websockets, health, metrics, and the console's files, on one port. */
export async function listen(door: Door, options: HttpOptions): Promise<HttpServer> {
  const { transport } = door
  const files = options.consoleDir ? sirv(options.consoleDir, { etag: true, setHeaders: nosniff }) : null
  const deadlines = new Deadlines(transport.requestTimeoutMs)
  const server = createServer({
    IncomingMessage: Incoming,
    maxHeaderSize: transport.headerBytes,
    headersTimeout: transport.headersTimeoutMs,
    requestTimeout: Math.max(transport.arrivalTimeoutMs, transport.headersTimeoutMs),
    connectionsCheckingInterval: Math.min(LATE_CHECK_MS, transport.headersTimeoutMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Answered below, like everything else that is wrong with a request.
    requireHostHeader: false
  })
  // Of a connection on which nothing moves although something is asked; streams have their heartbeats.
  server.timeout = Math.max(transport.requestTimeoutMs + transport.arrivalTimeoutMs, 2 * transport.keepAliveMs)
  server.on('request', (request, response) => {
    const refusal = malformed(request) ?? (hostAllowed(request, door) ? null : notLocal())
    if (!refusal && takesGraphQL(request)) void serveGraphQL(door, deadlines, request, response)
    else route(door, options, files, request, response, refusal).catch(thrown => answerFailure(door, response, thrown))
  })
  server.on('checkExpectation', (_, response) =>
    answerFailure(door, response, new Fault('BAD_REQUEST', 'Send the request without an Expect header.'))
  )
  server.on('clientError', (error, socket) => {
    const code = answerClientError(error, socket)
    if (code) finished(door, { transport: 'http', prepared: null, caller: null, trace: null, code, seconds: null })
  })
  const sockets = serveWebSockets(door, server, GRAPHQL_PATH)
  await start(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host === '0.0.0.0' || options.host === '127.0.0.1' ? 'localhost' : options.host
  return {
    url: `http://${host}:${port}${GRAPHQL_PATH}`,
    async [Symbol.asyncDispose]() {
      door.connections.leave()
      if (transport.drainNoticeMs > 0) await delay(transport.drainNoticeMs)
      await Promise.all([close(server, transport.drainMs), sockets[Symbol.asyncDispose]()])
      deadlines[Symbol.dispose]()
    }
  }
}

/** Takes nothing new, lets what runs end within the grace, and cuts off what is left then. */
async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve))
  const idle = setInterval(() => server.closeIdleConnections(), DRAIN_CHECK_MS)
  const late = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

function malformed({ rawHeaders, headers, httpVersion }: IncomingMessage): Fault | null {
  if (rawHeaders.length > MAX_HEADERS * 2)
    return new Fault('HEADERS_TOO_LARGE', `The request has more than ${MAX_HEADERS} headers; send fewer.`)
  if (headers.host === undefined && httpVersion === '1.1')
    return new Fault('BAD_REQUEST', 'The request has no Host header.')
  return null
}

function notLocal(): Fault {
  return new Fault(
    'FORBIDDEN',
    'This router is open to its own machine alone: call it as localhost, or give it a --host.'
  )
}

function takesGraphQL(request: IncomingMessage): boolean {
  const { method, url } = request
  if (method !== 'POST' && method !== 'GET' && method !== 'HEAD') return false
  return url === GRAPHQL_PATH || pathOf(request) === GRAPHQL_PATH
}

async function route(
  door: Door,
  { readiness }: HttpOptions,
  files: Files | null,
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Fault | null
): Promise<void> {
  if (door.connections.leaving) response.setHeader('connection', 'close')
  if (refusal) throw refusal
  const path = pathOf(request)
  if (path === null) throw new Fault('BAD_REQUEST', 'The request target is not a URL.')
  if (path === GRAPHQL_PATH) return aboutGraphQL(door, request, response)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    throw new Fault('METHOD_NOT_ALLOWED', `Only ${GRAPHQL_PATH} takes ${request.method} requests.`)
  }
  if (path === '/livez') return text(response, 200, 'text/plain', 'live\n')
  if (path === '/readyz') {
    const state = await readiness()
    return text(response, state.ready ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`)
  }
  if (path === '/metrics') {
    return text(response, 200, door.metrics.registry.contentType, await door.metrics.registry.metrics())
  }
  const nowhere = () =>
    answerFailure(door, response, new Fault('NOT_FOUND', `There is nothing here; the API is at ${GRAPHQL_PATH}.`))
  if (files) files(request, response, nowhere)
  else nowhere()
}

/** What the GraphQL path answers to other methods than those that ask something. */
function aboutGraphQL(door: Door, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('allow', 'GET, HEAD, POST, OPTIONS')
  if (request.method !== 'OPTIONS') throw new Fault('METHOD_NOT_ALLOWED', 'Use POST, or GET for queries.')
  if (!originAllowed(request, door.corsOrigins))
    throw new Fault('FORBIDDEN', 'This origin may not call the API from a browser; add it to CORS_ORIGINS.')
  const { origin, 'access-control-request-headers': asked } = request.headers
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-methods', 'GET, HEAD, POST')
    response.setHeader('access-control-max-age', '600')
    // The origin is one of those that may ask anything.
    if (asked !== undefined) response.setHeader('access-control-allow-headers', asked)
  }
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers')
  response.writeHead(204)
  response.end()
}

function text(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff'
  })
  response.end(body)
}

function answerFailure(door: Door, response: ServerResponse, thrown: unknown): void {
  const { status, errors } = failure(thrown, door.logger)
  if (response.headersSent) return void response.destroy()
  text(response, status, 'application/json; charset=utf-8', JSON.stringify({ errors }))
}

function nosniff(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff')
}

function start(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
