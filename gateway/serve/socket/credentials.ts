import type { IncomingHttpHeaders } from 'node:http'
import { isRecord } from '../../execute/bare.ts'
import { CLOSE, Closing } from './closing.ts'

/** What a `connection_init` payload may say. Nothing else of it is read, let alone sent on as a header. */
const ALLOWED: ReadonlySet<string> = new Set([
  'authorization',
  'accept-language',
  'traceparent',
  'tracestate',
  'graphql-client-name',
  'graphql-client-version',
  'apollographql-client-name',
  'apollographql-client-version'
])
const MAX_CHARACTERS = 16_384
const HEADER_VALUE = /^[\x20-\x7e]*$/

/**
 * What a caller says of itself when its socket begins, as headers: those of the upgrade request, over which go the words of
 * the payload, in whatever case their names are written. Throws a Closing 4400 for a word that could be no header.
 */
export function introduction(payload: unknown, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  if (!isRecord(payload)) return headers
  const said: Record<string, string> = {}
  for (const [key, value] of Object.entries(payload)) {
    const name = key.toLowerCase()
    if (!ALLOWED.has(name) || value === null) continue
    if (typeof value !== 'string' || value.length > MAX_CHARACTERS || !HEADER_VALUE.test(value)) {
      throw new Closing(CLOSE.invalid, `Invalid message: "${name}" must be a text that can be a header`)
    }
    // Two parties on the way may each believe another of two.
    if (Object.hasOwn(said, name)) throw new Closing(CLOSE.invalid, `Invalid message: "${name}" is there twice`)
    said[name] = value
  }
  return { ...headers, ...said }
}

/** Whether an operation's extensions carry the credentials of somebody else than the socket's. */
export function isSomebodyElse(extensions: unknown, authorization: string | undefined): boolean {
  const headers = isRecord(extensions) && Object.hasOwn(extensions, 'headers') ? extensions['headers'] : undefined
  if (!isRecord(headers)) return false
  return Object.entries(headers).some(
    ([key, value]) => key.toLowerCase() === 'authorization' && value !== authorization
  )
}
