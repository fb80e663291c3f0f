import { EventEmitter, once } from 'node:events'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { answering } from './answering.ts'

export interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A subgraph that answers when it is told to, and remembers what it was asked. */
export interface HoldingSubgraph extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
  /** Requests whose connection ended before their answer. */
  readonly dropped: number
  /** Resolves once so many requests have arrived in all. */
  arrived(count: number): Promise<void>
  /** Resolves once so many requests were dropped in all. */
  drop(count: number): Promise<void>
  /** Answers all that wait, and from now on at once. */
  release(): void
}

export const HELLO = '{"data":{"hello":{"name":"hi"}}}'

export async function holding(body = HELLO): Promise<HoldingSubgraph> {
  const asked: Asked[] = []
  const waiting = new Set<ServerResponse>()
  const changes = new EventEmitter()
  let dropped = 0
  let held = true
  const answer = (response: ServerResponse) => response.setHeader('content-type', 'application/json').end(body)
  const server = await answering(async (request, response) => {
    response.on('close', () => {
      if (response.writableFinished) return
      dropped++
      waiting.delete(response)
      changes.emit('change')
    })
    asked.push({ headers: request.headers, body: await textOf(request) })
    if (held) waiting.add(response)
    else answer(response)
    changes.emit('change')
  })
  const until = async (met: () => boolean) => {
    while (!met()) await once(changes, 'change')
  }
  return {
    url: server.url,
    asked,
    get dropped() {
      return dropped
    },
    arrived: count => until(() => asked.length >= count),
    drop: count => until(() => dropped >= count),
    release() {
      held = false
      for (const response of waiting) answer(response)
      waiting.clear()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]()
  }
}
