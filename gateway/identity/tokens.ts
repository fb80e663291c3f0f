import { hash } from 'node:crypto'
import { decodeJwt } from 'jose'
import QuickLRU from 'quick-lru'
import { type Identity, MAX_TOKEN_CHARACTERS, type TokenRules, unauthenticated, verifyToken } from './jwt.ts'

/** Verifies bearer tokens, and remembers for a while those that it has verified. */
export interface Tokens extends AsyncDisposable {
  /**
   * What the token says: at once when it was verified a moment ago by the keys of now, else a promise. Throws, or rejects
   * with, Fault UNAUTHENTICATED or IDENTITY_UNAVAILABLE.
   */
  read(token: string): Identity | Promise<Identity>
}

export interface TokensOptions {
  /** By issuer: what its tokens have to meet. A token of any other issuer is refused. */
  readonly rules: ReadonlyMap<string, TokenRules>
  readonly now?: () => number
}

interface Known {
  readonly identity: Identity
  readonly rules: TokenRules
  readonly version: number
  /** Milliseconds. */
  readonly until: number
}

/** A token is verified again at least this often, whatever it says. */
const TRUSTED_MS = 60_000
const MAX_KNOWN = 5_000

/** Tokens of known issuers. A verified one is known by its digest: nothing that is kept could be sent as a token. */
export function createTokens({ rules, now = Date.now }: TokensOptions): Tokens {
  const known = new QuickLRU<string, Known>({ maxSize: MAX_KNOWN })

  const verify = async (token: string, digest: string): Promise<Identity> => {
    const issuerRules = rules.get(issuerOf(token))
    if (!issuerRules) throw unauthenticated('The bearer token comes from an issuer that this router does not trust.')
    // Read before the keys are: an entry may be older than what it says, and never younger.
    const version = versionOf(issuerRules)
    const identity = await verifyToken(token, issuerRules)
    const until = Math.min(identity.expiresAt, now() + TRUSTED_MS)
    known.set(digest, { identity, rules: issuerRules, version, until })
    return identity
  }

  return {
    read(token) {
      if (token.length > MAX_TOKEN_CHARACTERS) throw unauthenticated('The bearer token is too long.')
      const digest = hash('sha256', token, 'base64url')
      const entry = known.get(digest)
      if (entry && now() < entry.until && entry.version === versionOf(entry.rules)) return entry.identity
      return verify(token, digest)
    },
    async [Symbol.asyncDispose]() {
      known.clear()
      for (const { keys } of rules.values()) if (!(keys instanceof Uint8Array)) await keys[Symbol.asyncDispose]()
    }
  }
}

const versionOf = ({ keys }: TokenRules): number => (keys instanceof Uint8Array ? 0 : keys.version())

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw unauthenticated('The bearer token is not a JSON Web Token.')
  }
}
