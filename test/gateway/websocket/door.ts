import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'
import { createEngine } from '../../../gateway/engine.ts'
import { openView } from '../../../gateway/execute/open-view.ts'
import type { Authenticate } from '../../../gateway/identity/authenticate.ts'
import { Deadlines } from '../../../gateway/serve/deadlines.ts'
import type { Door } from '../../../gateway/serve/door.ts'
import { serveGraphQL } from '../../../gateway/serve/graphql-http.ts'
import { createMetrics } from '../../../gateway/serve/metrics.ts'
import { createConnections } from '../../../gateway/serve/socket/connections.ts'
import { serveWebSockets } from '../../../gateway/serve/websocket.ts'
import { DEFAULT_SETTINGS, type TransportSettings } from '../../../gateway/settings.ts'
import { Fault } from '../../../platform/errors.ts'
import type { Executor } from '../../../platform/executor/executor.ts'
import { createLogger } from '../../../platform/logger.ts'
import { CONSUMER, composed, overTheWire } from '../../support/federation.ts'

const SDL = `
  type Query { hello: String text(bytes: Int!): String held: String boom: String }
  type Mutation { add: Int! }
  type Subscription { tick: Tick big(bytes: Int!): Tick }
  type Tick { n: Int! text: String }
`

/** A door over one subgraph whose answers and events the test decides. */
export interface TestDoor extends AsyncDisposable {
  readonly door: Door
  readonly url: string
  /** What was logged, as JSON lines. */
  readonly lines: string[]
  /** Requests that have reached the subgraph, by field. */
  readonly asked: string[]
  /** Subscriptions that the subgraph runs now. */
  readonly sources: ReadonlySet<object>
  /** Events that were taken from sources. */
  readonly taken: () => number
  /** Gives every subscription to `tick` one more event. */
  tick(n: number): void
  /** Ends every subscription to `tick`, in good order or with what it throws. */
  end(thrown?: unknown): void
  /** Answers every `held` query. */
  release(): void
  /** Running subscriptions as `/metrics` shows them. */
  running(): Promise<number>
  metric(name: 'sockets' | 'socketCloses'): Promise<number>
  /** Sees each token's caller out of the contracts. */
  revoke(): void
  /** Sends every client away. */
  drain(graceMs: number): Promise<void>
  /** Releases what is held, ends what runs, and closes everything. */
  close(): Promise<void>
}

export interface TestDoorOptions {
  readonly transport?: Partial<TransportSettings>
  /** Changes what the door is made of. */
  readonly change?: (door: Door) => Door
}

/** `NAME` or `NAME:milliseconds` is a token; without one the caller is anonymous. */
function authenticator(view: ReturnType<typeof openView>, revoked: () => boolean): Authenticate {
  return async authorization => {
    if (authorization === undefined) {
      return { consumer: CONSUMER, view, expiresAt: Number.POSITIVE_INFINITY, current: () => view }
    }
    const [, name, ms = '600000'] = /^Bearer (\w+):?(\d+)?$/.exec(authorization) ?? []
    if (name === undefined || name === 'nobody') throw new Fault('UNAUTHENTICATED', 'The bearer token is not valid.')
    if (name === 'stranger') throw new Fault('FORBIDDEN', 'No contract grants anything to this caller.')
    if (name === 'unlucky') throw new Fault('SUBGRAPH_UNAVAILABLE', 'The identity provider cannot be reached just now.')
    if (name === 'bug') throw new Error('CANARY-internal')
    return {
      consumer: { ...CONSUMER, id: name },
      view,
      expiresAt: Date.now() + Number(ms),
      current: () => (revoked() ? null : view)
    }
  }
}

export async function startDoor({ transport, change = door => door }: TestDoorOptions = {}): Promise<TestDoor> {
  const settings = { ...DEFAULT_SETTINGS.transport, drainMs: 200, ...transport }
  const supergraphSdl = composed({ clock: { sdl: SDL } })
  const view = openView(supergraphSdl)
  const lines: string[] = []
  const logger = createLogger('debug', { write: line => lines.push(line) })
  const clock = startClock()
  const engine = createEngine({ supergraphSdl, executors: { clock: clock.executor }, logger })
  const metrics = createMetrics()
  let revoked = false
  const door = change({
    engine,
    log: null,
    cursors: null,
    catalogue: new Map(),
    logger,
    metrics,
    tracing: null,
    authenticate: authenticator(view, () => revoked),
    transport: settings,
    connections: createConnections(settings),
    corsOrigins: []
  })
  const deadlines = new Deadlines(settings.requestTimeoutMs)
  const server = createServer((request, response) => {
    void serveGraphQL(door, deadlines, request, response)
  })
  const sockets = serveWebSockets(door, server, '/graphql')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      clock.release()
      clock.end()
      await sockets[Symbol.asyncDispose]()
      const gone = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await gone
      deadlines[Symbol.dispose]()
      await engine[Symbol.asyncDispose]()
    })()
    return closed
  }
  return {
    ...clock,
    door,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    drain: graceMs => sockets.drain(graceMs),
    lines,
    running: async () => (await metrics.subscriptions.get()).values[0]?.value ?? 0,
    metric: async name => (await metrics[name].get()).values.reduce((sum, { value }) => sum + value, 0),
    revoke: () => {
      revoked = true
    },
    close,
    [Symbol.asyncDispose]: close
  }
}

/** The subgraph. */
function startClock() {
  const events = new EventEmitter().setMaxListeners(0)
  const sources = new Set<object>()
  const asked: string[] = []
  let taken = 0
  const resolvers: GraphQLResolverMap = {
    Query: {
      hello: () => 'world',
      text: (_: unknown, { bytes }: { bytes: number }) => 'x'.repeat(bytes),
      held: async () => {
        await once(events, 'release')
        return 'released'
      },
      boom: () => {
        throw new Error('CANARY-resolver')
      }
    },
    Mutation: { add: () => 1 }
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(SDL), resolvers }])
  const executor: Executor = {
    // Deaf to its signal, as a bad subgraph is.
    async execute({ operation, variables }) {
      asked.push(operation.text)
      const { data, errors } = await graphql({ schema, source: operation.text, variableValues: variables })
      return overTheWire({ data: data ?? null, ...(errors && { errors: errors.map(error => error.toJSON()) }) })
    },
    async *subscribe({ operation, variables, signal }) {
      asked.push(operation.text)
      const source = { wake: () => {}, queue: [] as unknown[] }
      sources.add(source)
      const put = (event: unknown) => {
        source.queue.push(event)
        source.wake()
      }
      events.on('event', put)
      signal?.addEventListener('abort', put)
      const bytes = Object.values(variables).find(value => typeof value === 'number') ?? literal(operation.text)
      try {
        for (let n = 0; !signal?.aborted; n++) {
          if (bytes !== undefined) {
            taken++
            yield { data: { big: { __typename: 'Tick', n, text: 'é'.repeat(Number(bytes) / 2) } } }
            continue
          }
          if (source.queue.length === 0) await new Promise<void>(resolve => Object.assign(source, { wake: resolve }))
          const next = source.queue.shift()
          if (signal?.aborted || next === 'end') return
          if (next instanceof Error) throw next
          taken++
          yield { data: { tick: { __typename: 'Tick', n: Number(next), text: `tick ${next}` } } }
        }
      } finally {
        events.off('event', put)
        sources.delete(source)
      }
    },
    [Symbol.asyncDispose]: async () => {}
  }
  return {
    executor,
    sources,
    asked,
    taken: () => taken,
    tick: (n: number) => void events.emit('event', n),
    end: (thrown: unknown = 'end') => void events.emit('event', thrown),
    release: () => void events.emit('release')
  }
}

function literal(text: string): number | undefined {
  const found = /bytes: ?(\d+)/.exec(text)
  return found ? Number(found[1]) : undefined
}
