import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApolloServer, HeaderMap } from '@apollo/server'
import type { Logger } from 'pino'
import { type Clock, systemClock } from '../clock.ts'
import { Fault } from '../errors.ts'
import { createVerifier, SIGNATURE_HEADER, type Verifier } from '../executor/signature.ts'
import type { Access } from '../scope/scope.ts'
import { apolloServer } from './apollo.ts'
import { readBody } from './body.ts'
import { createContext } from './context.ts'
import type { Context, Subgraph } from './subgraph.ts'

export interface SubgraphServerOptions {
  readonly subgraph: Subgraph
  /** Shared with the router; nothing that it has not signed is executed. */
  readonly secret: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly logger: Logger
  readonly clock?: Clock
}

/** Disposing it ends the server after its open requests, and leaves the subgraph to whoever started it. */
export interface SubgraphServer extends AsyncDisposable {
  /** Where the router sends operations, for example `http://127.0.0.1:4001/graphql`. */
  readonly url: string
}

interface Handling {
  readonly subgraph: Subgraph
  readonly apollo: ApolloServer<Context>
  readonly verifier: Verifier
  readonly clock: Clock
  readonly logger: Logger
}

const PATH = '/graphql'
const BODY_LIMIT = 16 * 1024 * 1024
/** Longer than any client keeps a connection idle, so that it is never closed under a request. */
const KEEP_ALIVE_MS = 65_000

/** Serves one subgraph over HTTP with Apollo Server, to the router alone: an unsigned request is refused with 401. */
export async function startSubgraphServer(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { subgraph, secret, host, port, logger, clock = systemClock } = options
  const apollo = apolloServer(subgraph, logger)
  await apollo.start()
  const handling: Handling = { subgraph, apollo, verifier: createVerifier(secret), clock, logger }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(handling, request, response).catch((error: unknown) => answerFault(response, error, logger))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}${PATH}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
      await apollo.stop()
    }
  }
}

async function handle(handling: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  if (path === '/livez' && request.method === 'GET') return answer(response, 200, 'text/plain', 'ok')
  if (path !== PATH) throw new Fault('NOT_FOUND', `There is only ${PATH} here.`)
  if (request.method !== 'POST') throw new Fault('METHOD_NOT_ALLOWED', `${PATH} takes POST.`)
  const raw = await readBody(request, BODY_LIMIT)
  verify(handling, request, raw)
  const body = parse(raw)
  const access = accessOf(body)
  const headers = new HeaderMap([
    ['content-type', 'application/json'],
    ['accept', request.headers.accept ?? 'application/json']
  ])
  const answered = await handling.apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body },
    context: () => createContext(handling.subgraph, access)
  })
  if (answered.body.kind !== 'complete') throw new Error('a subgraph answers whole')
  const type = answered.headers.get('content-type') ?? 'application/json'
  answer(response, answered.status ?? 200, type, answered.body.string)
}

function verify({ subgraph, verifier, clock, logger }: Handling, request: IncomingMessage, body: Buffer): void {
  const header = request.headers[SIGNATURE_HEADER]
  const signed = { audience: subgraph.name, method: 'POST', path: PATH, body }
  const reason = verifier.refuse(Array.isArray(header) ? header.join() : header, signed, clock.now())
  if (reason === null) return
  logger.warn({ subgraph: subgraph.name, reason, from: request.socket.remoteAddress }, 'refused a request')
  throw new Fault('UNAUTHENTICATED', 'This subgraph answers its router alone: the request is not signed by it.')
}

function parse(raw: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(raw.toString())
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new Fault('BAD_REQUEST', 'The body must be one JSON object with `query`.')
}

/** The router's word, which its signature vouches for. */
function accessOf(body: Record<string, unknown>): Access {
  const { access } = (body['extensions'] ?? {}) as { access?: Access }
  if (access && typeof access.company === 'string' && typeof access.read === 'object' && access.read !== null)
    return access
  throw new Fault('BAD_REQUEST', 'The body has no `extensions.access`.')
}

function answerFault(response: ServerResponse, error: unknown, logger: Logger): void {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', 'Something failed on our side.')
  if (!(error instanceof Fault)) logger.error({ err: error }, 'a subgraph request failed')
  const { message, extensions } = fault.toGraphQL()
  // The rest of a body that nobody reads would be taken for the next request.
  if (!response.headersSent) response.setHeader('connection', 'close')
  answer(response, fault.status, 'application/json', JSON.stringify({ errors: [{ message, extensions }] }))
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}
