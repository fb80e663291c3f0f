import type { Config } from '../config.ts'
import type { Secrets } from '../secrets.ts'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, openDevelopmentIssuer } from './development-issuer.ts'
import { localRules, remoteRules, type TokenRules } from './jwt.ts'
import { ROOM_ISSUER } from './room-token.ts'

/**
 * The issuers this router trusts: the configured provider, or in development its own issuer; and the rooms, whose
 * tokens are signed with a key derived from OAAS_SECRET.
 */
export async function identityRules(config: Config, secrets: Secrets): Promise<ReadonlyMap<string, TokenRules>> {
  const room: TokenRules = { key: secrets.room, issuer: ROOM_ISSUER, audience: ROOM_ISSUER, algorithms: ['HS256'] }
  const rules = new Map([[ROOM_ISSUER, room]])
  if (config.jwt) {
    const { jwksUrl, issuer, audience } = config.jwt
    return rules.set(issuer, remoteRules(jwksUrl, issuer, audience))
  }
  const { publicKey } = await openDevelopmentIssuer(config.dataDir)
  return rules.set(DEVELOPMENT_ISSUER, localRules(publicKey, DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE))
}
