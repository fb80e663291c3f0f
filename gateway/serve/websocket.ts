import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { type Door, hostAllowed, originAllowed, pathOf } from './door.ts'
import { CLOSE, Closing } from './socket/closing.ts'
import type { Release } from './socket/connections.ts'
import { Session } from './socket/session.ts'

/** How long a client may take to answer a close frame. */
const CLOSE_WAIT_MS = 5_000
/** Frames that one message may come in. */
const MAX_FRAGMENTS = 1_024

export interface SocketServer extends AsyncDisposable {
  /**
   * Refuses new sockets, lets queries and mutations end within the grace, and sends every client away with 1012 and a
   * time to come back; what is left then is cut off. Event streams are told to end, too.
   */
  drain(graceMs: number): Promise<void>
}

/** graphql-transport-ws on the GraphQL path: queries, mutations and subscriptions under the caller's own view. */
export function serveWebSockets(door: Door, server: Server, path: string): SocketServer {
  const options: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    maxPayload: door.transport.frameBytes,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    closeTimeout: CLOSE_WAIT_MS,
    // A client that offers other protocols alone has to be given one of them to hear that none will do.
    handleProtocols: offered =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        ? GRAPHQL_TRANSPORT_WS_PROTOCOL
        : (offered.values().next().value ?? false)
  }
  const sockets = new WebSocketServer(options)
  const sessions = new Set<Session>()
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Until ws takes the stream over, a reset of it has nobody else to hear it, and would end the process.
    stream.on('error', () => stream.destroy())
    if (door.connections.draining) return refuse(stream, '503 Service Unavailable', 'retry-after: 1\r\n')
    if (pathOf(request) !== path) return refuse(stream, '404 Not Found')
    if (!originAllowed(request, door.corsOrigins) || !hostAllowed(request, door)) return refuse(stream, '403 Forbidden')
    const release = door.connections.unproven(request.socket.remoteAddress)
    if (!release) return refuse(stream, '503 Service Unavailable', 'retry-after: 5\r\n')
    stream.once('close', release)
    sockets.handleUpgrade(request, stream, head, socket => open(socket, stream, request.headers, release))
  }
  const open = (socket: WebSocket, stream: Duplex, headers: IncomingHttpHeaders, release: Release) => {
    const session = new Session({ door, socket, stream, headers, release })
    sessions.add(session)
    socket.on('close', () => sessions.delete(session))
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      session.close(
        new Closing(CLOSE.subprotocol, `Subprotocol not acceptable: offer ${GRAPHQL_TRANSPORT_WS_PROTOCOL}`)
      )
    }
  }
  server.on('upgrade', upgrade)

  const gone = async (withinMs: number) => {
    const late = new AbortController()
    const closed = Promise.all([...sessions].map(session => session.closed))
    await Promise.race([closed, delay(withinMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }
  const drain = async (graceMs: number) => {
    door.connections.drain()
    for (const session of sessions) session.drain()
    await gone(graceMs)
    for (const session of sessions) session.dismiss()
    await gone(CLOSE_WAIT_MS)
    for (const session of sessions) session.terminate()
  }
  return { drain, [Symbol.asyncDispose]: () => drain(door.transport.drainMs) }
}

function refuse(stream: Duplex, status: string, headers = ''): void {
  stream.once('finish', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${headers}content-length: 0\r\n\r\n`)
}
