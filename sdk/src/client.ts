import { Connection } from './connection.ts'
import type { TypedDocument } from './document.ts'
import { type Answer, type Http, type RequestOptions, request } from './request.ts'
import { type Delivery, deliveries, type SubscribeOptions } from './subscribe.ts'

export interface ClientOptions {
  /** Address of the GraphQL endpoint, for example `http://localhost:4000/graphql`. */
  readonly url: string
  /** A bearer token, or where to get one: asked at every request and every connect, so it may renew what has run out. */
  readonly token: string | (() => Promise<string>)
  /** Language of messages for people, for example `zh`; default: the server's. */
  readonly language?: string
  readonly fetch?: typeof fetch
  /** A WebSocket class; needed for subscriptions on Node before 22 (`import { WebSocket } from 'ws'`). */
  readonly WebSocket?: unknown
}

/** A caller of the gateway. Its answers hold what it wrote before (read after write). */
export interface Client extends AsyncDisposable {
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: RequestOptions
  ): Promise<Answer<Data>>
  mutate<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: RequestOptions
  ): Promise<Answer<Data>>
  /** Events until the signal aborts or the loop is left; see {@link SubscribeOptions}. */
  subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: SubscribeOptions
  ): AsyncIterableIterator<Delivery<Data>>
  /** Closes the websocket and ends every subscription. */
  close(): void
}

/** Makes a client; nothing is opened before it is used. */
export function createClient(options: ClientOptions): Client {
  const closed = new AbortController()
  const headers = async () => {
    const token = typeof options.token === 'string' ? options.token : await options.token()
    const language: Record<string, string> = options.language ? { 'accept-language': options.language } : {}
    return { authorization: `Bearer ${token}`, ...language }
  }
  const http: Http = { url: options.url, fetch: options.fetch ?? globalThis.fetch, headers }
  let connection: Connection | undefined
  let written: number | null = null

  async function call<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    asked: RequestOptions = {}
  ): Promise<Answer<Data>> {
    const answer = await request(http, document, variables, { readAfter: written, ...asked })
    if (answer.position !== null) written = Math.max(written ?? 0, answer.position)
    return answer
  }

  function connect(): Connection {
    const url = options.url.replace(/^http/, 'ws')
    connection ??= new Connection({ url, parameters: headers, WebSocket: options.WebSocket })
    return connection
  }

  return {
    query: call,
    mutate: call,
    subscribe<Data, Variables>(
      document: TypedDocument<Data, Variables>,
      variables: Variables,
      asked: SubscribeOptions = {}
    ) {
      const left = new AbortController()
      const signals = [left.signal, closed.signal, ...(asked.signal ? [asked.signal] : [])]
      const events = deliveries<Data>({
        connection: connect(),
        query: String(document),
        variables: variables as Readonly<Record<string, unknown>>,
        renewable: typeof options.token === 'function',
        signal: AbortSignal.any(signals),
        options: asked
      })
      return {
        next: () => events.next(),
        // Leaving must not wait for an event that may never come.
        return: async () => {
          left.abort()
          return events.return()
        },
        [Symbol.asyncIterator]() {
          return this
        }
      }
    },
    close() {
      closed.abort()
      connection?.close()
    },
    async [Symbol.asyncDispose]() {
      this.close()
    }
  }
}
