import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { keepInFile } from '../secrets.ts'

export const DEVELOPMENT_ISSUER = 'oaas-development'
export const DEVELOPMENT_AUDIENCE = 'oaas-gateway'

/** The development profile's own identity provider: a key pair in the data directory, tokens from the command line. */
export interface DevelopmentIssuer {
  /** The public key by which tokens are verified. */
  readonly publicKey: JWK
  /** A bearer token; `lifetime` in seconds. */
  token(subject: string, lifetime: number, claims?: Readonly<Record<string, string>>): Promise<string>
}

/** Opens the issuer of a data directory, making its key pair on first use. */
export async function openDevelopmentIssuer(dataDir: string): Promise<DevelopmentIssuer> {
  const key = JSON.parse(await keepInFile(join(dataDir, 'issuer.json'), makeKey)) as JWK
  const { d: _private, ...publicKey } = key
  const signer = await importJWK(key, 'ES256')
  return {
    publicKey,
    token: (subject, lifetime, claims = {}) =>
      new SignJWT(Object.keys(claims).length ? { claims } : {})
        .setProtectedHeader({ alg: 'ES256', ...(key.kid ? { kid: key.kid } : {}) })
        .setSubject(subject)
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(DEVELOPMENT_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime)
        .sign(signer)
  }
}

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'development', alg: 'ES256', use: 'sig' })
}
