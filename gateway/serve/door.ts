import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { Fault } from '../../platform/errors.ts'
import type { Caller, Engine } from '../engine.ts'
import type { Authenticate, Authenticated } from '../identity/authenticate.ts'
import type { SubscribeDeps } from '../subscribe/subscribe.ts'
import type { Metrics } from './metrics.ts'

/** What every transport stands on; nothing in it knows which transport calls. */
export interface Door extends SubscribeDeps {
  readonly engine: Engine
  readonly authenticate: Authenticate
  readonly logger: Logger
  readonly metrics: Metrics
  /** Browser origins besides the router's own. */
  readonly corsOrigins: readonly string[]
}

export interface EnteredCaller extends Caller, Pick<Authenticated, 'expiresAt' | 'current'> {}

/** Lets a caller in by its credentials and reads what it prefers. */
export async function enter(
  door: Door,
  credentials: {
    readonly authorization: string | undefined
    readonly language: string | undefined
    readonly readAfter: unknown
  }
): Promise<EnteredCaller> {
  const authenticated = await door.authenticate(credentials.authorization)
  return {
    ...authenticated,
    language: /^\s*zh\b/i.test(credentials.language ?? '') ? 'zh' : 'en',
    readAfter: readAfterOf(credentials.readAfter)
  }
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
export function originAllowed(request: IncomingMessage, corsOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  if (corsOrigins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** The path of a request's target, or null when the target is no URL: `GET //` is sent by scanners, never by a client. */
export function pathOf(request: IncomingMessage): string | null {
  return urlOf(request)?.pathname ?? null
}

/** The request's target as a URL, or null when it is none. */
export function urlOf(request: IncomingMessage): URL | null {
  const target = request.url ?? '/'
  return URL.canParse(target, 'http://gateway') ? new URL(target, 'http://gateway') : null
}
