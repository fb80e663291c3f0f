import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** An identity provider of the benchmark's own. */
export interface IdentityProvider extends AsyncDisposable {
  /** What a router needs in order to check its tokens. */
  readonly env: Readonly<Record<'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE', string>>
  /** A token of one hour, signed with ES256. */
  token(subject: string): Promise<string>
  /** How often its keys were fetched. */
  fetches(): number
}

const ISSUER = 'https://issuer.example'
const AUDIENCE = 'bench'
const KEY_ID = 'bench-1'

/** Starts the provider on a free port of this machine. */
export async function identityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] })
  let fetches = 0
  const server = createServer((_, response) => {
    fetches++
    response.writeHead(200, { 'content-type': 'application/json' }).end(jwks)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    env: { JWKS_URL: `http://127.0.0.1:${port}/jwks`, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE },
    token: subject =>
      new SignJWT({ scope: 'bench' })
        .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    fetches: () => fetches,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
