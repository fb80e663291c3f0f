import { Pool } from 'undici'

/** A closed loop: each connection sends its next request when the last one is answered. */

export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  /** The body of the nth request; null ends that connection's loop. */
  readonly body: (n: number) => string | null
  /** Ends the whole after so many milliseconds; a request on its way is waited for, and counted. */
  readonly forMs?: number
  /** Sees each answer; throws when it is wrong. */
  readonly check: (answer: Answer, n: number) => void
}

export interface Answer {
  readonly status: number
  readonly bytes: number
  readonly text: () => string
}

export interface Loaded {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array
}

/** Runs the load; throws at the first failed or wrong answer. */
export async function load({ url, headers, connections, body, forMs = Infinity, check }: Load): Promise<Loaded> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 })
  const latencies: number[] = []
  const begun = performance.now()
  const sent = { 'content-type': 'application/json', accept: 'application/json', ...headers }
  let next = 0
  const loop = async () => {
    while (performance.now() - begun < forMs) {
      const n = next++
      const text = body(n)
      if (text === null) return
      const at = performance.now()
      const answer = await post(pool, pathname, sent, text)
      latencies.push(performance.now() - at)
      check(answer, n)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, loop))
  } finally {
    await pool.destroy()
  }
  const seconds = (performance.now() - begun) / 1000
  return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies).sort() }
}

/** One POST by the pool's lowest interface, so that the load costs the least that it can. */
export function post(
  pool: Pool,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let status = 0
    let bytes = 0
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_, code) {
          status = code
        },
        onResponseData(_, chunk) {
          bytes += chunk.length
          chunks.push(chunk)
        },
        onResponseEnd: () => resolve({ status, bytes, text: () => Buffer.concat(chunks).toString() }),
        onResponseError: (_, error) => reject(error)
      }
    )
  })
}

/** A quantile of sorted numbers. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
