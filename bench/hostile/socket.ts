import { type RawData, WebSocket } from 'ws'
import { sleep } from '../support/process.ts'
import type { Target } from './target.ts'

/** A websocket client that does as it likes, and remembers what it was told. */
export interface Client {
  readonly socket: WebSocket
  readonly messages: Message[]
  readonly openedAt: number
  /** Null while it is open; `refused 503` when it never was. */
  ended: { readonly what: string; readonly at: number } | null
  send(message: unknown): void
}

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** Opens a socket, without waiting. */
export function client(target: Target, protocol: string | null = 'graphql-transport-ws'): Client {
  const url = target.url.replace('http', 'ws')
  const socket = protocol === null ? new WebSocket(url) : new WebSocket(url, protocol)
  const made: Client = {
    socket,
    messages: [],
    openedAt: performance.now(),
    ended: null,
    send: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  const end = (what: string) => {
    made.ended ??= { what, at: performance.now() }
  }
  socket.on('message', (data: RawData) => made.messages.push(JSON.parse(String(data))))
  socket.on('unexpected-response', (_, response) => {
    end(`refused ${response.statusCode}`)
    response.destroy()
  })
  socket.on('error', () => {})
  socket.on('close', code => end(String(code)))
  return made
}

/** A socket that has said who it is, and was let in. */
export async function entered(target: Target): Promise<Client> {
  const made = client(target)
  await until(() => made.socket.readyState === made.socket.OPEN || made.ended !== null)
  if (made.ended) throw new Error(`the socket ended: ${ending(made)}`)
  made.send({ type: 'connection_init', payload: { ...(target.token && { authorization: `Bearer ${target.token}` }) } })
  await until(() => made.messages.some(({ type }) => type === 'connection_ack') || made.ended !== null)
  if (ending(made) !== 'open') throw new Error(`the socket ended: ${ending(made)}`)
  return made
}

/** Waits until something holds; answers whether it did in time. */
export async function until(holds: () => boolean, withinMs = 10_000): Promise<boolean> {
  const end = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > end) return false
    await sleep(5)
  }
  return true
}

/** How a socket ended, in words. */
export function ending({ ended }: Client): string {
  return ended?.what ?? 'open'
}
