import type { TypedDocument } from './document.ts'
import { codeOf, errorsOf, type GraphQLErrorData, OaasError } from './error.ts'

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Milliseconds until the call fails with TIMEOUT; default 30,000. */
  readonly timeoutMs?: number
  /**
   * The answer shall hold everything up to this log position. Default: the last write of this client; null asks for
   * whatever is there.
   */
  readonly readAfter?: number | null
}

/** An answer that has data. `errors` tells of the fields that are null because they failed. */
export interface Answer<Data> {
  readonly data: Data
  readonly errors: readonly GraphQLErrorData[]
  /** Log position of what a mutation wrote. */
  readonly position: number | null
  /** The position asked for was not reached in time: the data may be older. */
  readonly stale: boolean
}

export interface Http {
  readonly url: string
  readonly fetch: typeof fetch
  /** Headers of every request; called anew each time, so that a token can change. */
  headers(): Promise<Record<string, string>>
}

/**
 * One GraphQL request over HTTP. Throws OaasError when there is no data (refused, timed out, not reached), and the
 * signal's reason when the caller aborts.
 */
export async function request<Data, Variables>(
  http: Http,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  { signal, timeoutMs = 30_000, readAfter = null }: RequestOptions
): Promise<Answer<Data>> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
    ...(await http.headers())
  }
  if (readAfter !== null) headers['read-after'] = String(readAfter)
  let status: number
  let text: string
  try {
    const response = await http.fetch(http.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: String(document), variables }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout
    })
    status = response.status
    text = await response.text()
  } catch (cause) {
    signal?.throwIfAborted()
    if (timeout.aborted) throw new OaasError('TIMEOUT', `No answer from ${http.url} within ${timeoutMs} ms.`, { cause })
    throw new OaasError('UNREACHABLE', `${http.url} cannot be reached: ${reason(cause)}`, { cause })
  }
  return answer<Data>(status, text)
}

function answer<Data>(status: number, text: string): Answer<Data> {
  const body = parse(text)
  if (body === null) {
    const start = text.trim().slice(0, 120)
    throw new OaasError(codeOf(status), `HTTP ${status} without a GraphQL answer${start ? `: ${start}` : ''}`, {
      status
    })
  }
  const errors = errorsOf(body['errors'])
  if (body['data'] === null || body['data'] === undefined) throw OaasError.from(errors, status)
  const extensions = isRecord(body['extensions']) ? body['extensions'] : {}
  const position = extensions['position']
  return {
    data: body['data'] as Data,
    errors,
    position: typeof position === 'number' ? position : null,
    stale: extensions['stale'] === true
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && ('data' in value || 'errors' in value) ? value : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `fetch failed` says nothing; its cause does. */
function reason(error: unknown): string {
  if (!isRecord(error)) return String(error)
  const cause = isRecord(error['cause']) ? error['cause']['message'] : undefined
  return String(cause || error['message'] || error)
}
