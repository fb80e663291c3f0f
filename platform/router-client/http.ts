import { Pool } from 'undici'
import { FAULTS, Fault, type FaultCode } from '../errors.ts'
import { abortFault } from '../executor/abort.ts'
import { post } from '../executor/dispatch.ts'
import type { RouterClient } from './router-client.ts'

export interface HttpRouterClientOptions {
  readonly url: string
  /** A bearer token for every request; the supplier renews it. */
  readonly token: () => string | Promise<string>
  /** How long one question may take, in milliseconds. */
  readonly timeoutMs?: number
}

/**
 * Asks the router over HTTP as whoever the token says. Throws a Fault with the router's code for any error in the answer:
 * a room that asks for what it needs has no use for half of it.
 */
export function httpRouterClient(options: HttpRouterClientOptions): RouterClient & AsyncDisposable {
  const { token, timeoutMs = 10_000 } = options
  const url = new URL(options.url)
  const pool = new Pool(url.origin, { connectTimeout: Math.min(timeoutMs, 5_000) })
  return {
    async query<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data> {
      const signal = AbortSignal.timeout(timeoutMs)
      const headers = {
        authorization: `Bearer ${await token()}`,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9'
      }
      const body = JSON.stringify({ query: document, variables })
      const reply = await post(pool, { path: url.pathname + url.search, headers, body, signal }).catch(
        (error: unknown) => {
          if (signal.aborted) throw abortFault(signal, 'the router')
          throw new Fault('SUBGRAPH_UNAVAILABLE', 'The router cannot be reached; try again.', {}, { cause: error })
        }
      )
      return dataOf(reply.status, reply.body) as Data
    },
    [Symbol.asyncDispose]: () => pool.close()
  }
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

function dataOf(status: number, body: string): unknown {
  const answer = parse(body)
  const [error] = answer?.errors ?? []
  if (error) {
    const { code, ...details } = error.extensions ?? {}
    throw new Fault(isFaultCode(code) ? code : 'INTERNAL', error.message, details)
  }
  if (answer?.data === undefined || answer.data === null) {
    throw new Fault(
      'SUBGRAPH_UNAVAILABLE',
      `The router answered with status ${status} and no GraphQL response; try again.`
    )
  }
  return answer.data
}

function parse(body: string): Answer | null {
  try {
    return JSON.parse(body) as Answer | null
  } catch {
    return null
  }
}

function isFaultCode(code: unknown): code is FaultCode {
  return typeof code === 'string' && Object.hasOwn(FAULTS, code)
}
