import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type GraphQLError, Kind } from 'graphql'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type Context as SocketContext } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { Fault } from '../../platform/errors.ts'
import type { GraphQLRequest, Prepared } from '../engine.ts'
import { type Delivery, subscribe } from '../subscribe/subscribe.ts'
import { type Door, type EnteredCaller, enter, originAllowed, pathOf, readAfterOf } from './door.ts'
import { failure } from './failure.ts'
import { tokenEnd } from './sse.ts'

const MAX_FRAME_BYTES = 256 * 1024
const INIT_WAIT_MS = 3_000
const KEEP_ALIVE_MS = 12_000
const MAX_OPERATIONS_PER_SOCKET = 100
const CLOSE = { unauthorized: 4401, forbidden: 4403, goingAway: 1012 } as const

interface SocketState extends Record<PropertyKey, unknown> {
  caller?: EnteredCaller
  operations?: number
  /** Ends with the token. */
  ended?: AbortSignal
}

type Socket = SocketContext<Record<string, unknown> | undefined, Extra & SocketState>

/** graphql-transport-ws on the GraphQL path: queries, mutations and subscriptions under the caller's own view. */
export function serveWebSockets(door: Door, server: Server, path: string): AsyncDisposable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: protocols => (protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false)
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes the socket over, a reset of it has nobody else to hear it, and would end the process.
    socket.on('error', () => socket.destroy())
    if (pathOf(request) !== path) return refuse(socket, '404 Not Found')
    if (!originAllowed(request, door.corsOrigins)) return refuse(socket, '403 Forbidden')
    sockets.handleUpgrade(request, socket, head, opened => sockets.emit('connection', opened, request))
  }
  server.on('upgrade', upgrade)
  const protocol = useServer<Record<string, unknown> | undefined, SocketState>(
    {
      connectionInitWaitTimeout: INIT_WAIT_MS,
      onConnect: context => connect(door, context),
      onDisconnect: () => door.metrics.sockets.dec(),
      onSubscribe: (context, _id, payload) => accept(door, context, payload as GraphQLRequest),
      execute: args => {
        const { prepared, caller } = operation(args)
        return door.engine.execute(prepared, caller) as Promise<never>
      },
      subscribe: args => stream(door, operation(args)) as Promise<never>,
      onComplete: context => {
        context.extra.operations = (context.extra.operations ?? 1) - 1
      }
    },
    sockets,
    KEEP_ALIVE_MS
  )
  return {
    async [Symbol.asyncDispose]() {
      server.off('upgrade', upgrade)
      for (const socket of sockets.clients) socket.close(CLOSE.goingAway, 'Service restart: reconnect with your cursor')
      await protocol.dispose()
      sockets.close()
    }
  }
}

interface Operation {
  readonly prepared: Prepared
  readonly caller: EnteredCaller
  readonly ended: AbortSignal
}

/** graphql-ws hands our own arguments back as the context of an execution. */
function operation(args: ExecutionArgs): Operation {
  return args.contextValue as Operation
}

async function connect(door: Door, { connectionParams, extra }: Socket): Promise<boolean | Record<string, unknown>> {
  const text = (name: string) => {
    const value = connectionParams?.[name] ?? connectionParams?.[name.replace(/^./, c => c.toUpperCase())]
    return typeof value === 'string' ? value : undefined
  }
  try {
    const caller = await enter(door, {
      authorization: text('authorization') ?? extra.request.headers.authorization,
      language: text('accept-language') ?? extra.request.headers['accept-language'],
      readAfter: undefined
    })
    extra.caller = caller
    extra.ended = tokenEnd(caller.expiresAt)
    // A new token opens a new socket: 4403 is the code after which clients try again, 4401 is final for them.
    extra.ended.addEventListener('abort', () =>
      extra.socket.close(CLOSE.forbidden, 'Token expired: reconnect with a new one')
    )
    door.metrics.sockets.inc()
    const position = await door.log.head()
    return {
      cursor: door.cursors.write({ epoch: door.log.epoch, position, company: caller.consumer.company, field: '*' })
    }
  } catch (thrown) {
    const { status, errors } = failure(thrown, door.logger)
    const unauthorized = status === 401
    extra.socket.close(
      unauthorized ? CLOSE.unauthorized : CLOSE.forbidden,
      (errors[0]?.message ?? 'Forbidden').slice(0, 120)
    )
    return false
  }
}

async function accept(
  door: Door,
  { extra }: Socket,
  request: GraphQLRequest
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const started = extra.operations ?? 0
  // Counted before the first await; graphql-ws calls onComplete for every operation that it accepted.
  extra.operations = started + 1
  try {
    if (!extra.caller || !extra.ended) throw new Fault('UNAUTHENTICATED', 'The connection has not been acknowledged.')
    if (started >= MAX_OPERATIONS_PER_SOCKET) {
      throw new Fault('RATE_LIMITED', `At most ${MAX_OPERATIONS_PER_SOCKET} operations may run on one socket.`)
    }
    const readAfter = (request.extensions as { readAfter?: unknown } | undefined)?.readAfter
    const view = extra.caller.current()
    if (!view) throw new Fault('FORBIDDEN', 'The contract of this caller has ended.')
    const caller = { ...extra.caller, view, readAfter: readAfterOf(readAfter) }
    const prepared = door.engine.prepare(request, caller)
    door.metrics.operations.inc({ transport: 'websocket', kind: prepared.kind, code: 'none' })
    return {
      schema: caller.view.schema,
      // graphql-ws reads the kind of operation from it, and nothing else.
      document: { kind: Kind.DOCUMENT, definitions: [prepared.document.operation] },
      operationName: prepared.operationName,
      contextValue: { prepared, caller, ended: extra.ended } satisfies Operation
    }
  } catch (thrown) {
    extra.operations -= 1
    const { errors } = failure(thrown, door.logger)
    door.metrics.operations.inc({
      transport: 'websocket',
      kind: 'unknown',
      code: String(errors[0]?.extensions['code'])
    })
    return errors
  }
}

interface Refused {
  readonly errors: readonly GraphQLError[]
}

async function stream(
  door: Door,
  { prepared, caller, ended }: Operation
): Promise<AsyncIterableIterator<Delivery | Refused> | Refused> {
  const left = new AbortController()
  try {
    const deliveries = await subscribe(door, prepared, caller, AbortSignal.any([ended, left.signal]))
    door.metrics.subscriptions.inc()
    return counted(door, deliveries, left)
  } catch (thrown) {
    return { errors: failure(thrown, door.logger).errors }
  }
}

/** A generator that waits cannot be returned from outside: leaving aborts what it waits for. */
function counted(
  door: Door,
  deliveries: AsyncGenerator<Delivery>,
  left: AbortController
): AsyncIterableIterator<Delivery | Refused> {
  let open = true
  const end = () => {
    if (open) door.metrics.subscriptions.dec()
    open = false
    left.abort()
  }
  return {
    async next() {
      try {
        const step = await deliveries.next()
        if (step.done) end()
        else door.metrics.deliveries.inc()
        return step
      } catch (thrown) {
        if (!open) return { done: true, value: undefined }
        end()
        return { done: false, value: { errors: failure(thrown, door.logger).errors } }
      }
    },
    return() {
      end()
      return deliveries.return(undefined)
    },
    throw(thrown: unknown) {
      end()
      return deliveries.throw(thrown)
    },
    [Symbol.asyncIterator]() {
      return this
    }
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
