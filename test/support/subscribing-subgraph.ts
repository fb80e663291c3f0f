import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { type DocumentNode, execute, type GraphQLSchema, parse, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { createFeed, type Feed } from './feed.ts'

/** A request as the subgraph heard it: over HTTP with its body, over a websocket with its `connection_init`. */
export interface Heard {
  readonly headers: IncomingHttpHeaders
  readonly body: { readonly query?: string; readonly variables?: unknown; readonly extensions?: unknown }
  readonly init?: unknown
}

/** A subgraph that knows nothing of us, with subscriptions of its own over one protocol; queries by POST. */
export interface SubscribingSubgraph extends AsyncDisposable {
  readonly typeDefs: DocumentNode
  readonly url: string
  /** What its subscription resolvers read. */
  readonly feed: Feed
  /** Subscriptions that were asked for, in order. */
  readonly subscribed: Heard[]
  readonly queried: Heard[]
  /** Sockets that were opened for subscriptions. */
  readonly sockets: number
  /** Destroys every connection. */
  cut(): void
}

export type Protocol = 'graphql-ws' | 'sse' | 'multipart'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

/** Starts a subgraph on a free port. */
export async function startSubscribingSubgraph(
  protocol: Protocol,
  sdl: string,
  resolvers: (feed: Feed) => GraphQLResolverMap
): Promise<SubscribingSubgraph> {
  const feed = createFeed()
  const typeDefs = parse(LINK + sdl)
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers(feed) }])
  const subscribed: Heard[] = []
  const queried: Heard[] = []
  const connections = new Set<Socket>()

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const heard: Heard = { headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) }
    const document = parse(String(heard.body.query))
    const isSubscription = document.definitions.some(d => 'operation' in d && d.operation === 'subscription')
    ;(isSubscription ? subscribed : queried).push(heard)
    const errors = validate(schema, document)
    const asked = { schema, document, variableValues: heard.body.variables as Record<string, unknown> }
    if (errors.length === 0 && isSubscription) return stream(protocol, request, response, asked)
    const result = errors.length > 0 ? { errors } : await execute(asked)
    response.writeHead(errors.length > 0 ? 400 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(result))
  }

  const sockets = new WebSocketServer({ server, path: '/graphql' })
  let opened = 0
  sockets.on('connection', () => opened++)
  const protocolServer = useServer(
    {
      schema,
      onSubscribe: ({ connectionParams, extra }, _, payload) => {
        subscribed.push({
          headers: extra.request.headers,
          init: connectionParams,
          body: payload as unknown as Heard['body']
        })
      }
    },
    sockets
  )
  server.on('connection', socket => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let closed = false
  const cut = () => {
    for (const socket of connections) socket.destroy()
  }
  return {
    typeDefs,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    feed,
    subscribed,
    queried,
    get sockets() {
      return opened
    },
    cut,
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      feed.complete()
      cut()
      await protocolServer.dispose()
      server.close()
    }
  }
}

async function stream(
  protocol: Protocol,
  request: IncomingMessage,
  response: ServerResponse,
  asked: {
    readonly schema: GraphQLSchema
    readonly document: DocumentNode
    readonly variableValues: Record<string, unknown>
  }
): Promise<void> {
  const accept = request.headers.accept ?? ''
  const [type, begin, frame, end] =
    protocol === 'sse' && accept.includes('text/event-stream')
      ? ([
          'text/event-stream',
          ':\n\n',
          (text: string) => `event: next\ndata: ${text}\n\n`,
          'event: complete\n\n'
        ] as const)
      : protocol === 'multipart' && accept.includes('subscriptionSpec')
        ? ([
            'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
            `\r\n--graphql${part('{}')}`,
            (text: string) => part(`{"payload":${text}}`),
            '--\r\n'
          ] as const)
        : (['text/plain', '', String, 'another protocol is spoken here'] as const)
  const events = await subscribe(asked)
  if (!(Symbol.asyncIterator in events)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(events))
    return
  }
  response.on('close', () => void events.return(undefined))
  response.writeHead(200, { 'content-type': type }).write(begin)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  for await (const event of events) {
    if (response.write(frame(JSON.stringify(event))) || response.destroyed) continue
    await once(response, 'drain', { signal: gone.signal }).catch(() => {})
  }
  response.end(end)
}

function part(text: string): string {
  return `\r\ncontent-type: application/json\r\n\r\n${text}\r\n--graphql`
}
