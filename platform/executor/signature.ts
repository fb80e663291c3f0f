import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto'

/** The header that carries the time, the nonce and the signature of a request from the router to a subgraph. */
export const SIGNATURE_HEADER = 'oaas-signature'

/** What a signature holds for. The caller's access travels in the body, so the body's hash covers it. */
export interface SignedRequest {
  /** The subgraph that is meant: a request to one is refused by every other. */
  readonly audience: string
  readonly method: string
  readonly path: string
  readonly body: string | Uint8Array
}

/** How far the clocks of router and subgraph may be apart, and so how long a signature lives. */
const TOLERANCE_MS = 60_000
const HEADER = /^t=(\d{1,16}),n=([\w-]{16,64}),v1=([\w-]{43})$/

/** Signs a request with HMAC-SHA256 for the present minute and one use. */
export function sign(secret: string, request: SignedRequest, now: number): string {
  const nonce = randomUUID()
  return `t=${now},n=${nonce},v1=${mac(secret, request, String(now), nonce).toString('base64url')}`
}

/** Judges signatures of requests to one subgraph; remembers the nonces that are still fresh. */
export interface Verifier {
  /** Null when the signature holds, else why it does not (for our log, not for the caller). */
  refuse(header: string | undefined, request: SignedRequest, now: number): string | null
}

export function createVerifier(secret: string): Verifier {
  const nonces = createNonces()
  return {
    refuse(header, request, now) {
      if (header === undefined) return 'unsigned'
      const [, time, nonce, given] = HEADER.exec(header) ?? []
      if (time === undefined || nonce === undefined || given === undefined) return 'malformed signature'
      if (Math.abs(now - Number(time)) > TOLERANCE_MS) return 'signature out of time'
      if (!timingSafeEqual(mac(secret, request, time, nonce), Buffer.from(given, 'base64url'))) return 'wrong signature'
      // Only now: a nonce that nobody signed must not fill the memory.
      return nonces.use(nonce, now) ? null : 'signature used before'
    }
  }
}

function mac(secret: string, { audience, method, path, body }: SignedRequest, time: string, nonce: string): Buffer {
  const said = ['oaas-subgraph-request-1', audience, method, path, time, nonce, hash('sha256', body)]
  return createHmac('sha256', secret).update(said.join('\n')).digest()
}

/** Two generations, each as long as a signature can live: nothing fresh is forgotten, and nothing needs sorting. */
function createNonces(): { use(nonce: string, now: number): boolean } {
  let young = new Set<string>()
  let old = new Set<string>()
  let since = 0
  return {
    use(nonce, now) {
      if (now - since > 2 * TOLERANCE_MS) {
        old = now - since > 4 * TOLERANCE_MS ? new Set() : young
        young = new Set()
        since = now
      }
      if (young.has(nonce) || old.has(nonce)) return false
      young.add(nonce)
      return true
    }
  }
}
