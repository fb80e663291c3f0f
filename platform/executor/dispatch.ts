import type { Dispatcher, Pool } from 'undici'

export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal | undefined
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** Sends one POST by the pool's lowest interface: `fetch` costs four to six times as much, and `request` makes streams. */
export function post(pool: Pool, { path, headers, body, signal }: Post): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let status = 0
    let controller: Dispatcher.DispatchController | null = null
    const stop = () => {
      const reason = asError(signal?.reason)
      controller?.abort(reason)
      reject(reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
    const settle = (done: () => void) => {
      signal?.removeEventListener('abort', stop)
      done()
    }
    pool.dispatch(
      { method: 'POST', path, headers: { ...headers }, body },
      {
        onRequestStart(started) {
          controller = started
          if (signal?.aborted) started.abort(asError(signal.reason))
        },
        onResponseStart(_, code) {
          status = code
        },
        onResponseData(_, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          settle(() => resolve({ status, body: Buffer.concat(chunks).toString() }))
        },
        onResponseError(_, error) {
          settle(() => reject(error))
        }
      }
    )
  })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
