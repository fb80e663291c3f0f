import { Fault } from '../../platform/errors.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { View } from '../../policies/view.ts'
import type { Caller } from '../engine.ts'
import type { FindConsumer } from './consumer.ts'
import { type Identity, unauthenticated } from './jwt.ts'
import type { Tokens } from './tokens.ts'
import type { Views } from './views.ts'

/** A caller together with the moment at which it has to prove itself again (milliseconds). */
export interface Authenticated extends Pick<Caller, 'consumer' | 'view'> {
  readonly expiresAt: number
  /** What the caller sees at this moment, for what outlives one request; null when nothing is granted to it any more. */
  current(): View | null
}

/**
 * Who calls: from the value of an Authorization header; at once when the token is known. Throws, or rejects with, Fault
 * UNAUTHENTICATED, IDENTITY_UNAVAILABLE or FORBIDDEN.
 */
export type Authenticate = (authorization: string | undefined) => Authenticated | Promise<Authenticated>

export interface AuthenticateOptions {
  readonly tokens: Tokens
  readonly consumer: FindConsumer
  /** The views of this moment. */
  readonly views: () => Views
}

const ANONYMOUS: Consumer = { id: 'anonymous', kind: 'developer', party: 'anonymous', company: 'anonymous', claims: {} }
const OPEN: Consumer = { id: 'open', kind: 'operator', party: 'open', company: 'open', claims: {} }

/**
 * Authentication by the tokens of known issuers. Credentials that are sent are valid or refused: a caller is anonymous only
 * when it sent none, and only where the graph's own rules say what such a caller sees.
 */
export function authenticator({ tokens, consumer, views }: AuthenticateOptions): Authenticate {
  const consumers = new WeakMap<Identity, Consumer>()

  const enter = (identity: Identity): Authenticated => {
    const known = consumers.get(identity) ?? consumer(identity)
    if (!known) throw forbidden()
    consumers.set(identity, known)
    return entered(known, identity.expiresAt, () => views().view(known, identity))
  }

  return authorization => {
    if (authorization === undefined) {
      if (!views().stranger) throw noToken()
      return entered(ANONYMOUS, Number.POSITIVE_INFINITY, () => views().stranger)
    }
    const read = tokens.read(bearer(authorization))
    return read instanceof Promise ? read.then(enter) : enter(read)
  }
}

/** `--open`: everyone is the same caller. Credentials mean nothing here. */
export function openDoor(views: () => Views): Authenticate {
  return () => entered(OPEN, Number.POSITIVE_INFINITY, () => views().stranger)
}

function entered(consumer: Consumer, expiresAt: number, current: () => View | null): Authenticated {
  const view = current()
  if (!view) throw forbidden()
  return { consumer, view, expiresAt, current }
}

function bearer(authorization: string): string {
  const match = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)
  if (!match?.[1]) throw unauthenticated('The Authorization header is not "Bearer" with a JSON Web Token.')
  return match[1]
}

function noToken(): Fault {
  return unauthenticated(
    'No token was sent. Send "Authorization: Bearer …"; with the development issuer, `npx oaas token CONSUMER` makes one.'
  )
}

function forbidden(): Fault {
  return new Fault('FORBIDDEN', 'No contract grants anything to this caller. Ask the owner of the data for one.')
}
