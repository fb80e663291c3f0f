import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { Fault } from '../../platform/errors.ts'
import type { Caller, Engine } from '../engine.ts'
import type { Authenticate, Authenticated } from '../identity/authenticate.ts'
import type { TraceHeaders, Tracing } from '../observe/tracing.ts'
import type { TransportSettings } from '../settings.ts'
import type { SubscribeDeps } from '../subscribe/subscribe.ts'
import type { Metrics } from './metrics.ts'
import type { Connections } from './socket/connections.ts'

/** What every transport stands on; nothing in it knows which transport calls. */
export interface Door extends SubscribeDeps {
  readonly engine: Engine
  readonly authenticate: Authenticate
  readonly logger: Logger
  readonly metrics: Metrics
  /** Null = no spans are made. */
  readonly tracing: Tracing | null
  readonly transport: TransportSettings
  readonly connections: Connections
  /** Browser origins besides the router's own. */
  readonly corsOrigins: readonly string[]
  /** Nobody has to prove anything, but for being on this machine. */
  readonly localOnly?: boolean
  /** Client headers, in lower case, that some subgraph is sent. */
  readonly forwardHeaders?: readonly string[]
}

export interface EnteredCaller extends Caller, Pick<Authenticated, 'expiresAt' | 'current'> {}

/** What a caller says of itself. */
export interface Credentials {
  readonly authorization: string | undefined
  readonly language: string | undefined
  readonly readAfter: unknown
  /** Where headers to be forwarded are taken from. */
  readonly headers?: IncomingHttpHeaders
  /** What its requests to subgraphs carry. */
  readonly trace?: TraceHeaders
}

/**
 * Lets a caller in by its credentials and reads what it prefers; at once when its token is known. Throws, or rejects with,
 * Fault.
 */
export function enter(door: Door, credentials: Credentials): EnteredCaller | Promise<EnteredCaller> {
  const authenticated = door.authenticate(credentials.authorization)
  return authenticated instanceof Promise
    ? authenticated.then(known => callerOf(door, credentials, known))
    : callerOf(door, credentials, authenticated)
}

function callerOf(
  door: Door,
  { language, readAfter, headers, trace }: Credentials,
  known: Authenticated
): EnteredCaller {
  const caller: EnteredCaller = {
    ...known,
    language: language !== undefined && CHINESE.test(language) ? 'zh' : 'en',
    readAfter: readAfterOf(readAfter),
    ...(trace && { trace })
  }
  return headers && door.forwardHeaders?.length ? { ...caller, headers: pick(headers, door.forwardHeaders) } : caller
}

const CHINESE = /^\s*zh\b/i

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) picked[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return picked
}

/** `Read-After` and `extensions.readAfter`: a log position, as `extensions.position` of a mutation gave it (semantics W3). */
export function readAfterOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Fault('BAD_REQUEST', 'Read-After takes the whole number that a mutation returned as extensions.position.')
  }
  return number
}

/** A browser page of another origin may call only when its origin is listed; other programs send no Origin. */
export function originAllowed({ headers }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  const { origin, host } = headers
  if (origin === undefined || corsOrigins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

const LOCAL_NAME = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/**
 * Whether a request to a router for this machine alone names this machine. A page of any site can give its own name the
 * address of this machine (DNS rebinding), and then it is of the router's own origin.
 */
export function hostAllowed({ headers }: IncomingMessage, { localOnly = false }: Door): boolean {
  return !localOnly || LOCAL_NAME.test(headers.host ?? 'localhost')
}

/** The path of a request's target, or null when the target is no URL: `GET //` is sent by scanners, never by a client. */
export function pathOf({ url = '/' }: IncomingMessage): string | null {
  if (url.startsWith('/') && !url.startsWith('//')) {
    const end = url.search(/[?#]/)
    return end < 0 ? url : url.slice(0, end)
  }
  return URL.canParse(url, 'http://gateway') ? new URL(url, 'http://gateway').pathname : null
}
