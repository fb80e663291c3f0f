import { Pool } from 'undici'
import { Fault } from '../errors.ts'
import { abortFault } from './abort.ts'
import { post, type Reply } from './dispatch.ts'
import type { Executor, SubgraphOperation, SubgraphRequest, SubgraphResponse } from './executor.ts'
import { SIGNATURE_HEADER, sign } from './signature.ts'

export interface HttpExecutorOptions {
  readonly url: string
  /** Signs requests and sends the caller's access; null asks a subgraph that is not ours, without either. */
  readonly secret: string | null
  /** The subgraph's name: the audience of the signature, and what faults say. */
  readonly subgraph: string
  /** How long an answer may take to begin, and to go on, in milliseconds. */
  readonly timeoutMs?: number
  /** The longest answer in bytes. */
  readonly maxBytes?: number
}

/** Asks a subgraph over HTTP, on connections that stay open. */
export function httpExecutor(options: HttpExecutorOptions): Executor {
  const { subgraph, secret, timeoutMs = 30_000, maxBytes = 64 * 1024 * 1024 } = options
  const url = new URL(options.url)
  const path = url.pathname + url.search
  const pool = new Pool(url.origin, {
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connectTimeout: Math.min(timeoutMs, 5_000),
    maxResponseSize: maxBytes
  })

  return {
    async execute(request) {
      const { signal } = request
      if (signal?.aborted) throw abortFault(signal, subgraph)
      const body = bodyOf(request, secret !== null)
      const headers: Record<string, string> = {
        ...request.trace,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9'
      }
      if (secret !== null) {
        headers[SIGNATURE_HEADER] = sign(secret, { audience: subgraph, method: 'POST', path, body }, Date.now())
      }
      const reply = await post(pool, { path, headers, body, signal }).catch((error: unknown) => {
        throw signal?.aborted ? abortFault(signal, subgraph) : unreachable(error, subgraph)
      })
      return read(reply, subgraph, secret !== null)
    },
    [Symbol.asyncDispose]: () => pool.close()
  }
}

/** An operation's text is the same for every request of a plan. */
const texts = new WeakMap<SubgraphOperation, string>()

function bodyOf({ operation, variables, access }: SubgraphRequest, trusted: boolean): string {
  let text = texts.get(operation)
  if (text === undefined) {
    text = JSON.stringify(operation.text)
    texts.set(operation, text)
  }
  const extensions = trusted ? `,"extensions":${JSON.stringify({ access })}` : ''
  return `{"query":${text},"variables":${JSON.stringify(variables)}${extensions}}`
}

const SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'])

function unreachable(error: unknown, subgraph: string): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (SLOW.has(code))
    return new Fault('TIMEOUT', `${subgraph} did not answer in time; try again.`, { subgraph }, { cause: error })
  return unavailable(subgraph, `${subgraph} cannot be reached; try again.`, error)
}

function unavailable(subgraph: string, message: string, cause?: unknown): Fault {
  return new Fault('SUBGRAPH_UNAVAILABLE', message, { subgraph }, { cause })
}

function read({ status, body }: Reply, subgraph: string, trusted: boolean): SubgraphResponse {
  if (trusted && status === 401) {
    throw unavailable(subgraph, `${subgraph} refused the router's signature: both need the same OAAS_SECRET and clock.`)
  }
  const answer = parse(body)
  if (!isResponse(answer)) {
    throw unavailable(subgraph, `${subgraph} answered with status ${status} and no GraphQL response; try again.`)
  }
  return { ...answer, data: answer.data ?? null }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function isResponse(value: unknown): value is Partial<SubgraphResponse> {
  if (typeof value !== 'object' || value === null) return false
  const data = Object.hasOwn(value, 'data') ? (value as { data: unknown }).data : null
  const errors = Object.hasOwn(value, 'errors') ? (value as { errors: unknown }).errors : undefined
  if (typeof data !== 'object' || Array.isArray(data)) return false
  return errors === undefined || errors === null ? data !== null : Array.isArray(errors)
}
