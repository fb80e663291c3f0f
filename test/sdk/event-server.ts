import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, GraphQLError, parse } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'

const schema = buildSchema(`
  type Query { none: ID }
  type Event { id: ID! number: Int! }
  type Subscription { happened(after: String): Event! }
`)

interface SubscribeMessage {
  readonly after: string | null
  readonly token: string | null
}

/**
 * A real graphql-ws server over a log of numbers: event n has the cursor `c<n>`; it acknowledges with the cursor of its
 * head. Tests cut, refuse and restart it.
 */
export class EventServer {
  /** What clients asked for, in order. */
  readonly asked: SubscribeMessage[] = []
  /** Bearer tokens that are let in; empty = all. */
  readonly tokens = new Set<string>()
  /** Cursors up to here are gone. */
  trimmed = 0
  /** Sends every event this often. */
  copies = 1
  /** Called before each event is sent; closing the sockets here cuts the stream at an exact place. */
  beforeSend: (number: number) => void = () => {}
  #head = 0
  #wake: (() => void)[] = []
  #http: Server | undefined
  #sockets: WebSocketServer | undefined
  #port = 0

  static async start(): Promise<EventServer> {
    const server = new EventServer()
    await server.listen()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/graphql`
  }

  /** Sockets that are open now. */
  get sockets(): ReadonlySet<WebSocket> {
    return this.#sockets?.clients ?? new Set()
  }

  /** Takes the same port again after `stop`. */
  async listen(): Promise<void> {
    const http = createServer()
    const sockets = new WebSocketServer({ server: http, path: '/graphql' })
    useServer<{ authorization?: string }>(
      {
        schema,
        onConnect: context => {
          const token = bearer(context.connectionParams)
          if (this.tokens.size > 0 && !(token !== null && this.tokens.has(token))) {
            context.extra.socket.close(4401, 'The token has run out.')
            return false
          }
          return { cursor: `c${this.#head}` }
        },
        onSubscribe: (context, _id, { query, variables }) => {
          const after = typeof variables?.['after'] === 'string' ? variables['after'] : null
          this.asked.push({ after, token: bearer(context.connectionParams) })
          if (after !== null && !/^c\d+$/.test(after)) return [refusal('CURSOR_INVALID', {})]
          if (after !== null && Number(after.slice(1)) < this.trimmed) {
            return [refusal('CURSOR_EXPIRED', { oldestCursor: `c${this.trimmed}` })]
          }
          return { schema, document: parse(query), variableValues: variables }
        },
        subscribe: args => this.#events(args.variableValues?.['after'])
      },
      sockets
    )
    await new Promise<void>(resolve => http.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (http.address() as AddressInfo).port
    this.#http = http
    this.#sockets = sockets
  }

  /** Makes `count` more events happen. */
  append(count = 1): void {
    this.#head += count
    for (const wake of this.#wake.splice(0)) wake()
  }

  /** Cuts every socket without a close frame, as a lost network does. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate()
  }

  /** Closes every socket in good order. */
  closeAll(code: number): void {
    for (const socket of this.sockets) socket.close(code)
  }

  async stop(): Promise<void> {
    this.cut()
    this.#sockets?.close()
    await new Promise<void>(resolve => this.#http?.close(() => resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.append(0)
  }

  async *#events(after: unknown) {
    let number = typeof after === 'string' ? Number(after.slice(1)) : this.#head
    for (;;) {
      while (number < this.#head) {
        number++
        this.beforeSend(number)
        for (let copy = 0; copy < this.copies; copy++) {
          yield {
            data: { happened: { id: `e${number}`, number } },
            extensions: { cursor: `c${number}`, prev: `c${number - 1}` }
          }
        }
      }
      await new Promise<void>(resolve => this.#wake.push(resolve))
    }
  }
}

function bearer(parameters: Readonly<Record<string, unknown>> | undefined): string | null {
  const header = parameters?.['authorization']
  return typeof header === 'string' ? header.replace(/^Bearer /, '') : null
}

function refusal(code: string, details: Record<string, unknown>): GraphQLError {
  return new GraphQLError(`refused with ${code}`, { extensions: { code, ...details } })
}
