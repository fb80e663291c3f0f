import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'
import { Fault } from '../../platform/errors.ts'
import { type Door, originAllowed, urlOf } from './door.ts'
import { failure } from './failure.ts'
import { serveGraphQL } from './graphql-http.ts'
import type { Readiness } from './health.ts'
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

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const MAX_HEADER_BYTES = 16 * 1024

/** Opens the door: GraphQL over HTTP and websockets, health, metrics, and the console's files, on one port. */
export async function listen(door: Door, options: HttpOptions): Promise<HttpServer> {
  const files = options.consoleDir ? sirv(options.consoleDir, { etag: true }) : null
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS
  })
  server.on('request', (request, response) => {
    route(door, options, files, request, response).catch(thrown => answerFailure(door, response, thrown))
  })
  const sockets = serveWebSockets(door, server, GRAPHQL_PATH)
  await start(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host === '0.0.0.0' || options.host === '127.0.0.1' ? 'localhost' : options.host
  return {
    url: `http://${host}:${port}${GRAPHQL_PATH}`,
    async [Symbol.asyncDispose]() {
      await sockets[Symbol.asyncDispose]()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 5_000).unref()
      await closed
    }
  }
}

async function route(
  door: Door,
  { readiness }: HttpOptions,
  files: ReturnType<typeof sirv> | null,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const url = urlOf(request)
  if (!url) throw new Fault('BAD_REQUEST', 'The request target is not a URL.')
  response.setHeader('x-content-type-options', 'nosniff')
  if (url.pathname === GRAPHQL_PATH) return graphql(door, request, response, url)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new Fault('METHOD_NOT_ALLOWED', `Only ${GRAPHQL_PATH} takes ${request.method} requests.`)
  if (url.pathname === '/livez') return text(response, 200, 'text/plain', 'live\n')
  if (url.pathname === '/readyz') {
    const state = await readiness()
    return text(response, state.ready ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`)
  }
  if (url.pathname === '/metrics') {
    return text(response, 200, door.metrics.registry.contentType, await door.metrics.registry.metrics())
  }
  if (files) return files(request, response, () => text(response, 404, 'text/plain', 'not found\n'))
  text(response, 404, 'text/plain', 'not found\n')
}

async function graphql(door: Door, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  if (!originAllowed(request, door.corsOrigins))
    throw new Fault('FORBIDDEN', 'This origin may not call the API from a browser; add it to CORS_ORIGINS.')
  const { origin } = request.headers
  if (origin) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('vary', 'Origin')
  }
  switch (request.method) {
    case 'OPTIONS':
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers':
          'authorization, content-type, accept, accept-language, read-after, last-event-id, graphql-require-preflight',
        'access-control-max-age': '600'
      })
      response.end()
      return
    case 'GET':
    case 'POST':
      return serveGraphQL(door, request, response, url)
    default:
      response.setHeader('allow', 'GET, POST')
      throw new Fault('METHOD_NOT_ALLOWED', 'Use POST, or GET for queries.')
  }
}

function text(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}

function answerFailure(door: Door, response: ServerResponse, thrown: unknown): void {
  const { status, errors } = failure(thrown, door.logger)
  if (response.headersSent) return void response.destroy()
  text(response, status, 'application/json; charset=utf-8', JSON.stringify({ errors }))
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
