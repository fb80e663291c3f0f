import { decodeJwt } from 'jose'
import { Fault } from '../../platform/errors.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { Book, View } from '../../policies/view.ts'
import type { Caller } from '../engine.ts'
import { type Identity, type TokenRules, verifyToken } from './jwt.ts'

/** A caller together with the moment at which it has to prove itself again (milliseconds). */
export interface Authenticated extends Pick<Caller, 'consumer' | 'view'> {
  readonly expiresAt: number
  /** What the caller sees by the contracts of this moment, for what outlives one request; null when they have ended. */
  current(): View | null
}

/** Who calls: from the value of an Authorization header. Throws Fault UNAUTHENTICATED or FORBIDDEN; there is no anonymous caller. */
export type Authenticate = (authorization: string | undefined) => Promise<Authenticated>

export interface AuthenticateOptions {
  /** By issuer: the rules a token of that issuer must meet. A token of any other issuer is refused. */
  readonly rules: ReadonlyMap<string, TokenRules>
  /** The consumer that a token's subject stands for. */
  readonly consumer: (identity: Identity, issuer: string) => Consumer | null
  readonly book: () => Book
}

/** Authentication against known issuers and the book of contracts: whoever is not in it is refused. */
export function authenticator({ rules, consumer, book }: AuthenticateOptions): Authenticate {
  return async authorization => {
    const token = bearer(authorization)
    const issuer = issuerOf(token)
    const issuerRules = rules.get(issuer)
    if (!issuerRules) throw unauthenticated('The bearer token comes from an issuer that this router does not trust.')
    const identity = await verifyToken(token, issuerRules)
    const known = consumer(identity, issuer)
    const view = known && book().view(known.party)
    if (!known || !view)
      throw new Fault('FORBIDDEN', 'No contract grants anything to this caller. Ask the owner of the data for one.')
    return { consumer: known, view, expiresAt: identity.expiresAt, current: () => book().view(known.party) }
  }
}

/** `--open`: everyone is the same caller, who sees the whole graph. */
export function openDoor(view: View): Authenticate {
  const consumer: Consumer = { id: 'open', kind: 'operator', party: 'open', company: 'open', claims: {} }
  return () => Promise.resolve({ consumer, view, expiresAt: Number.POSITIVE_INFINITY, current: () => view })
}

function bearer(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw unauthenticated(
      'No token was sent. Send "Authorization: Bearer …"; in development, `npx oaas token CONSUMER` makes one.'
    )
  }
  const match = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)
  if (!match?.[1]) throw unauthenticated('The Authorization header is not "Bearer" with a JSON Web Token.')
  return match[1]
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw unauthenticated('The bearer token is not a JSON Web Token.')
  }
}

function unauthenticated(message: string): Fault {
  return new Fault('UNAUTHENTICATED', message)
}
