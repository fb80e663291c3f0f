import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Secrets } from '../secrets.ts'
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, openDevelopmentIssuer } from './development-issuer.ts'
import { ASYMMETRIC, localRules, type TokenRules } from './jwt.ts'
import { remoteKeys } from './remote-keys.ts'
import { ROOM_ISSUER } from './room-token.ts'

/** By issuer: what its tokens have to meet. */
export type IssuerRules = ReadonlyMap<string, TokenRules>

/** The configured identity provider alone. */
export function providerRules(
  { jwksUrl, issuer, audience }: NonNullable<Config['jwt']>,
  logger?: Pick<Logger, 'warn'>
): IssuerRules {
  const keys = remoteKeys({ url: jwksUrl, ...(logger && { logger }) })
  return new Map([[issuer, { keys, issuer, audience, algorithms: ASYMMETRIC }]])
}

/**
 * The issuers that a company's router trusts: the configured provider, or in development its own issuer; and the rooms,
 * whose tokens are signed with a key derived from OAAS_SECRET.
 */
export async function companyRules(
  config: Pick<Config, 'jwt' | 'dataDir'>,
  secrets: Pick<Secrets, 'room'>,
  logger?: Pick<Logger, 'warn'>
): Promise<IssuerRules> {
  const outside = config.jwt ? providerRules(config.jwt, logger) : await developmentRules(config.dataDir)
  const room: TokenRules = { keys: secrets.room, issuer: ROOM_ISSUER, audience: ROOM_ISSUER, algorithms: ['HS256'] }
  return new Map([...outside, [ROOM_ISSUER, room]])
}

async function developmentRules(dataDir: string): Promise<IssuerRules> {
  const { publicKey } = await openDevelopmentIssuer(dataDir)
  return new Map([[DEVELOPMENT_ISSUER, localRules(publicKey, DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE)]])
}
