import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import WebSocket from 'ws'

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: never
}

export interface ClientOptions {
  readonly protocols?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** The address that the connection comes from. */
  readonly localAddress?: string
}

/** A bare socket that keeps what it receives. */
export class Client implements AsyncDisposable {
  readonly socket: WebSocket
  readonly received: Message[] = []
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>

  constructor(url: string, { protocols = ['graphql-transport-ws'], headers = {}, localAddress }: ClientOptions = {}) {
    const options = { headers, ...(localAddress && { localAddress }) }
    this.socket = new WebSocket(url.replace('http', 'ws'), [...protocols], options)
    this.closed = new Promise(resolve => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
    this.socket.on('error', () => undefined)
    this.socket.on('message', data => this.received.push(JSON.parse(data.toString())))
  }

  /** A client whose socket is open. */
  static async open(url: string, options?: ClientOptions): Promise<Client> {
    const client = new Client(url, options)
    await once(client.socket, 'open')
    return client
  }

  /** A client that has been let in. */
  static async acknowledged(url: string, payload?: unknown, options?: ClientOptions): Promise<Client> {
    const client = await Client.open(url, options)
    client.send({ type: 'connection_init', payload })
    await client.until('connection_ack')
    return client
  }

  /** Sends a text as it is, and anything else as JSON. */
  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  subscribe(id: string, query: string, more: object = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, ...more } })
  }

  complete(id: string): void {
    this.send({ type: 'complete', id })
  }

  /** All messages of an operation. */
  of(id: string): readonly Message[] {
    return this.received.filter(message => message.id === id)
  }

  /** The first message of a type, when it has come. */
  async until<T = { readonly type: string; readonly payload: never }>(type: string, id?: string): Promise<T> {
    const found = () => this.received.find(each => each.type === type && (id === undefined || each.id === id))
    await eventually(() => found() !== undefined, `no ${type} among ${JSON.stringify(this.received).slice(0, 1000)}`)
    return found() as T
  }

  /** When the server has read all that was sent until now. */
  async settled(): Promise<void> {
    this.socket.ping()
    await once(this.socket, 'pong')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close()
    if (this.socket.readyState === WebSocket.CLOSING) await Promise.race([this.closed, delay(500)])
    this.socket.terminate()
  }
}

/** Keeps this process from doing anything else, as a busy one is kept. */
export function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (let i = 0; i < 4_000; i++) {
    if (await holds()) return
    await delay(5)
  }
  throw new Error(otherwise)
}
