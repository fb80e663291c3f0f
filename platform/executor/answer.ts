import type { Reply } from './dispatch.ts'
import type { KnownTexts, SubgraphError, SubgraphResponse } from './executor.ts'
import { Unanswered } from './unanswered.ts'

/** Whose answer it is. */
export interface Answering {
  readonly subgraph: string
  /** One of ours: it speaks of positions, and judges our signature. */
  readonly trusted: boolean
}

const JSON_TYPE = /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i

/**
 * The GraphQL response of a reply, with whatever status it comes. Of a reply that is none nothing is told but its kind and
 * length, since anything may stand in it.
 */
export function readAnswer(
  { status, type, body }: Reply,
  { subgraph, trusted }: Answering
): SubgraphResponse | Unanswered {
  if (trusted && status === 401) {
    return new Unanswered(
      'SUBGRAPH_UNAVAILABLE',
      subgraph,
      `${subgraph} refused the router's signature: both need the same OAAS_SECRET and clock.`,
      { again: false, down: false }
    )
  }
  const text = type === '' || JSON_TYPE.test(type) ? body.toString() : ''
  const answer = parse(text)
  if (isResponse(answer)) return shaped(answer, trusted, textsOf(text))
  const what = type === '' ? 'a body' : JSON.stringify(type.slice(0, 80))
  return new Unanswered(
    'SUBGRAPH_UNAVAILABLE',
    subgraph,
    `${subgraph} answered with status ${status} and ${what} of ${body.length} bytes, which is no GraphQL response; try again.`,
    // What stands before a subgraph says so while its instances come and go. 429 is meant for one caller, not for all.
    { again: status === 502 || status === 503, down: status >= 500 }
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

interface Response {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly unknown[] | null
  readonly extensions?: unknown
}

function isResponse(value: unknown): value is Response {
  if (!isObject(value)) return false
  const data = Object.hasOwn(value, 'data') ? value['data'] : null
  const errors = Object.hasOwn(value, 'errors') ? value['errors'] : null
  if (data !== null && !isObject(data)) return false
  return errors === null ? data !== null : Array.isArray(errors)
}

/** V8 keeps most texts in one byte a character, and knows without a look that none of those matches. */
const BEYOND_LATIN1 = /[\u0100-\uffff]/

/** What is known of the texts in an answer. Looking for one character spares whoever writes them again a look at each. */
export function textsOf(answer: string): KnownTexts | null {
  if (answer.includes('\\')) return null
  return BEYOND_LATIN1.test(answer) ? 'unescaped' : 'latin1'
}

function shaped(
  { data = null, errors, extensions }: Response,
  trusted: boolean,
  texts: KnownTexts | null
): SubgraphResponse {
  return {
    data,
    ...(texts && { texts }),
    ...(errors && { errors: errors.map(shapedError) }),
    ...(trusted && isObject(extensions) && { extensions })
  }
}

/** Errors of foreign subgraphs have been seen without any of their members. */
function shapedError(error: unknown): SubgraphError {
  if (!isObject(error)) return { message: 'an error without a message' }
  const { message, path, extensions } = error
  return {
    message: typeof message === 'string' ? message : 'an error without a message',
    ...(isPath(path) && { path }),
    ...(isObject(extensions) && { extensions })
  }
}

function isPath(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value) && value.every(key => typeof key === 'string' || typeof key === 'number')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
