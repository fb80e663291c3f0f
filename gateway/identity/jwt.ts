import { createLocalJWKSet, errors, type JWK, type JWTPayload, jwtVerify } from 'jose'
import { Fault } from '../../platform/errors.ts'
import type { Keys } from './remote-keys.ts'

/** What a verified token says. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  readonly party: string | null
  readonly claims: Readonly<Record<string, string>>
  /** When it stops being valid, in milliseconds. */
  readonly expiresAt: number
  /** Everything that the token says, as its issuer signed it. */
  readonly payload: Readonly<Record<string, unknown>>
}

/** What tokens of one issuer have to meet. */
export interface TokenRules {
  readonly keys: Keys | Uint8Array
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
}

export const MAX_TOKEN_CHARACTERS = 8192
const CLOCK_TOLERANCE_SECONDS = 60
/** Never a shared secret: a public key must not be good for making tokens. */
export const ASYMMETRIC = ['ES256', 'ES384', 'RS256', 'RS384', 'RS512', 'PS256', 'EdDSA']

/** Rules of one known public key. */
export function localRules(publicKey: JWK, issuer: string, audience: string): TokenRules {
  const key = createLocalJWKSet({ keys: [publicKey] })
  return {
    keys: { key, version: () => 0, [Symbol.asyncDispose]: async () => {} },
    issuer,
    audience,
    algorithms: ['ES256']
  }
}

/**
 * Verifies a bearer token. Throws Fault UNAUTHENTICATED, whose text is the same whatever was wrong with the token; and
 * IDENTITY_UNAVAILABLE when the keys for it cannot be had.
 */
export async function verifyToken(token: string, rules: TokenRules): Promise<Identity> {
  const payload = await verified(token, rules)
  if (typeof payload.sub !== 'string' || !Number.isInteger(payload.exp)) throw invalidToken()
  return {
    issuer: rules.issuer,
    subject: payload.sub,
    party: typeof payload['party'] === 'string' ? payload['party'] : null,
    claims: textClaims(payload['claims']),
    expiresAt: Number(payload.exp) * 1000,
    payload
  }
}

async function verified(token: string, { keys, issuer, audience, algorithms }: TokenRules): Promise<JWTPayload> {
  const options = {
    issuer,
    audience,
    algorithms: [...algorithms],
    requiredClaims: ['sub', 'exp', 'iss', 'aud'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS
  }
  try {
    const { payload } =
      keys instanceof Uint8Array ? await jwtVerify(token, keys, options) : await jwtVerify(token, keys.key, options)
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError && !PROVIDER_FAILED.has(error.code)) throw invalidToken(error)
    // Not the caller's fault: clients take UNAUTHENTICATED as final, and throw away a token that is good.
    throw new Fault(
      'IDENTITY_UNAVAILABLE',
      'The identity provider cannot be reached just now; try again shortly.',
      {},
      { cause: error }
    )
  }
}

const PROVIDER_FAILED: ReadonlySet<string> = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  'ERR_JOSE_GENERIC'
])

function textClaims(value: unknown): Readonly<Record<string, string>> {
  const claims: Record<string, string> = Object.create(null)
  if (typeof value !== 'object' || value === null) return claims
  for (const [name, text] of Object.entries(value)) if (typeof text === 'string') claims[name] = text
  return claims
}

function invalidToken(cause?: unknown): Fault {
  return unauthenticated(
    'The bearer token is not valid (signature, issuer, audience or time). Get a new one and send it as "Authorization: Bearer …".',
    cause
  )
}

/** Whoever calls has to prove who they are, or to do it again. */
export function unauthenticated(message: string, cause?: unknown): Fault {
  return new Fault('UNAUTHENTICATED', message, {}, { cause })
}
