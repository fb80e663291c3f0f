import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify
} from 'jose'
import { Fault } from '../../platform/errors.ts'

/** What a verified token says. */
export interface Identity {
  readonly subject: string
  readonly party: string | null
  readonly claims: Readonly<Record<string, string>>
  /** When it stops being valid, in milliseconds. */
  readonly expiresAt: number
}

export interface TokenRules {
  readonly key: JWTVerifyGetKey | Uint8Array
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
}

const MAX_TOKEN_CHARACTERS = 8192
const CLOCK_TOLERANCE_SECONDS = 60
const ASYMMETRIC = ['ES256', 'ES384', 'RS256', 'RS384', 'RS512', 'PS256', 'EdDSA']

/** Rules of an outside identity provider; its keys are fetched, cached, and refreshed at most every 30 s. */
export function remoteRules(jwksUrl: string, issuer: string, audience: string): TokenRules {
  const key = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    timeoutDuration: 5_000
  })
  return { key, issuer, audience, algorithms: ASYMMETRIC }
}

/** Rules of one known public key. */
export function localRules(publicKey: JWK, issuer: string, audience: string): TokenRules {
  return { key: createLocalJWKSet({ keys: [publicKey] }), issuer, audience, algorithms: ['ES256'] }
}

/** Verifies a bearer token. Throws Fault UNAUTHENTICATED, whose text is the same whatever was wrong with the token. */
export async function verifyToken(token: string, rules: TokenRules): Promise<Identity> {
  if (token.length > MAX_TOKEN_CHARACTERS) throw invalidToken()
  const payload = await verified(token, rules)
  if (typeof payload.sub !== 'string' || !Number.isInteger(payload.exp)) throw invalidToken()
  return {
    subject: payload.sub,
    party: typeof payload['party'] === 'string' ? payload['party'] : null,
    claims: textClaims(payload['claims']),
    expiresAt: Number(payload.exp) * 1000
  }
}

async function verified(token: string, rules: TokenRules): Promise<JWTPayload> {
  const options = {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...rules.algorithms],
    requiredClaims: ['sub', 'exp', 'iss', 'aud'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS
  }
  try {
    const { payload } =
      rules.key instanceof Uint8Array
        ? await jwtVerify(token, rules.key, options)
        : await jwtVerify(token, rules.key, options)
    return payload
  } catch (error) {
    // The provider being out of reach is not the caller's fault, yet nobody gets in meanwhile.
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) throw invalidToken(error)
    throw new Fault(
      'UNAUTHENTICATED',
      'The identity provider cannot be reached just now; try again shortly.',
      {},
      { cause: error }
    )
  }
}

function textClaims(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {}
  const claims: Record<string, string> = Object.create(null)
  for (const [name, text] of Object.entries(value)) if (typeof text === 'string') claims[name] = text
  return claims
}

function invalidToken(cause?: unknown): Fault {
  return new Fault(
    'UNAUTHENTICATED',
    'The bearer token is not valid (signature, issuer, audience or time). Get a new one and send it as "Authorization: Bearer …".',
    {},
    { cause }
  )
}
