import { Pool } from 'undici'
import { accessText } from './access-text.ts'
import { type Answering, readAnswer } from './answer.ts'
import { decompressor, isTooLong } from './decode.ts'
import { dispatchPost, type Replied, type Reply } from './dispatch.ts'
import type { Executor, SubgraphOperation, SubgraphRequest } from './executor.ts'
import { canForward, headersOf } from './headers.ts'
import { type RobustOptions, robustExecutor } from './robust.ts'
import type { Exchange, Send, Waiting } from './send.ts'
import { SIGNATURE_HEADER, sign } from './signature.ts'
import { tooLong, Unanswered, unreachable } from './unanswered.ts'

export interface HttpExecutorOptions extends RobustOptions {
  readonly url: string
  /** Signs requests and sends the caller's access; null asks a subgraph that is not ours, without either. */
  readonly secret: string | null
  /** The subgraph's name: the audience of the signature, and what faults say. */
  readonly subgraph: string
  readonly connectTimeoutMs?: number
  /** The longest answer in bytes, unpacked. */
  readonly maxResponseBytes?: number
  /** Connections that are kept open at most; what finds none free waits. */
  readonly connections?: number
  /** Client headers, in lower case, that are sent on. */
  readonly forwardHeaders?: readonly string[]
}

/** Asks a subgraph over HTTP, on connections that stay open. Throws at once for a header that cannot be forwarded. */
export function httpExecutor(options: HttpExecutorOptions): Executor {
  const { secret, connectTimeoutMs = 5_000, maxResponseBytes = 64 * 1024 * 1024, connections = 128 } = options
  const { forwardHeaders = [], subgraph } = options
  const never = forwardHeaders.find(name => !canForward(name))
  if (never !== undefined) throw new Error(`${subgraph}: the header "${never}" cannot be forwarded; remove it`)
  const url = new URL(options.url)
  const pooling: Pool.Options = {
    connections,
    connectTimeout: connectTimeoutMs,
    maxResponseSize: maxResponseBytes,
    // The executor's own limit of time holds for everything from the question to the last byte.
    headersTimeout: 0,
    bodyTimeout: 0
  }
  const pool = new Pool(url.origin, pooling)
  // When one idle connection turns out to be dead, others may be, too: what is asked again gets a new one of its own.
  const newConnections = new Pool(url.origin, { ...pooling, pipelining: 0 })
  const path = url.pathname + url.search
  const about = { subgraph, trusted: secret !== null, maxResponseBytes }
  const send: Send = (request, variables, waiting, again) => {
    const body = bodyOf(request, variables, secret !== null)
    const headers = headersOf(request, forwardHeaders)
    if (secret !== null) {
      headers.push(SIGNATURE_HEADER, sign(secret, { audience: subgraph, method: 'POST', path, body }, Date.now()))
    }
    const reading = new Reading(waiting, about)
    reading.sent = dispatchPost(again ? newConnections : pool, path, headers, body, reading)
    return reading
  }
  return {
    execute: robustExecutor(send, options),
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.close(), newConnections.close()])
    }
  }
}

/** An operation's text is the same for every request of a plan. */
const texts = new WeakMap<SubgraphOperation, string>()

function bodyOf({ operation, access }: SubgraphRequest, variables: string, trusted: boolean): string {
  let text = texts.get(operation)
  if (text === undefined) {
    text = JSON.stringify(operation.text)
    texts.set(operation, text)
  }
  const extensions = trusted ? `,"extensions":{"access":${accessText(access)}}` : ''
  return `{"query":${text},"variables":${variables}${extensions}}`
}

/** Reads one reply. */
class Reading implements Replied, Exchange {
  readonly #waiting: Waiting
  readonly #about: Answering & { readonly maxResponseBytes: number }
  sent: Exchange | null = null
  #cancelled = false

  constructor(waiting: Waiting, about: Answering & { readonly maxResponseBytes: number }) {
    this.#waiting = waiting
    this.#about = about
  }

  cancel(): void {
    this.#cancelled = true
    this.sent?.cancel()
  }

  failed(error: Error): void {
    this.#waiting.failed(unreachable(error, this.#about.subgraph))
  }

  replied(reply: Reply): void {
    if (reply.encoding === '' || reply.encoding === 'identity') this.#read(reply)
    else this.#decompress(reply)
  }

  #read(reply: Reply): void {
    const answer = readAnswer(reply, this.#about)
    if (answer instanceof Unanswered) this.#waiting.failed(answer)
    else this.#waiting.answered(answer)
  }

  #decompress(reply: Reply): void {
    const { subgraph, maxResponseBytes } = this.#about
    const decompress = decompressor(reply.encoding)
    const unread = (cause?: unknown) => {
      const message = `${subgraph} answered with the content-encoding ${JSON.stringify(reply.encoding.slice(0, 80))}, which cannot be read; send it none.`
      return new Unanswered('SUBGRAPH_UNAVAILABLE', subgraph, message, { again: false, down: false }, cause)
    }
    if (!decompress) {
      this.#waiting.failed(unread())
      return
    }
    decompress(reply.body, { maxOutputLength: maxResponseBytes }, (error, body) => {
      if (this.#cancelled) return
      if (error) this.#waiting.failed(isTooLong(error) ? tooLong(subgraph, error) : unread(error))
      else this.#read({ ...reply, body })
    })
  }
}
