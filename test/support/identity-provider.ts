import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export const AUDIENCE = 'router-test'

/** An identity provider with one RSA and one elliptic key, whose key set is served over HTTP. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  /** JWKS_URL, JWT_ISSUER and JWT_AUDIENCE. */
  readonly env: { readonly JWKS_URL: string; readonly JWT_ISSUER: string; readonly JWT_AUDIENCE: string }
  /** The keys that are served; what is pushed or spliced shows at the next fetch. */
  readonly keys: JWK[]
  /** How often they were fetched. */
  fetches(): number
  /** Answers 500 from now on, or no longer. */
  down: boolean
  /** The RSA public key as a file would hold it. */
  readonly publicPem: string
  /** A token of an hour, with these claims over the usual ones; undefined takes a claim out. */
  token(claims?: Readonly<Record<string, unknown>>, header?: { alg?: 'ES256' | 'RS256'; kid?: string }): Promise<string>
}

/** Starts one on a free port. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const keys: JWK[] = []
  let fetches = 0
  const server = createServer((_, response) => {
    fetches++
    response.statusCode = provider.down ? 500 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const signers: Record<string, CryptoKey> = {}
  let publicPem = ''
  for (const alg of ['ES256', 'RS256'] as const) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    signers[alg] = privateKey
    keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' })
    if (alg === 'RS256') publicPem = await exportSPKI(publicKey)
  }
  const provider: IdentityProvider = {
    issuer,
    env: { JWKS_URL: `${issuer}/keys`, JWT_ISSUER: issuer, JWT_AUDIENCE: AUDIENCE },
    keys,
    fetches: () => fetches,
    down: false,
    publicPem,
    token(claims = {}, { alg = 'ES256', kid = alg } = {}) {
      const now = Math.floor(Date.now() / 1000)
      const usual = { sub: 'ada', iss: issuer, aud: AUDIENCE, iat: now, exp: now + 3600 }
      const payload = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, v]) => v !== undefined))
      return new SignJWT(payload as JWTPayload).setProtectedHeader({ alg, kid }).sign(signers[alg] as CryptoKey)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    }
  }
  return provider
}
