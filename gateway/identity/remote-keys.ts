import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import type { Logger } from 'pino'

/** The keys by which an issuer's tokens are verified. */
export interface Keys extends AsyncDisposable {
  readonly key: JWTVerifyGetKey
  /** Changes whenever the keys do: what was verified by others is verified again. */
  version(): number
}

export interface RemoteKeysOptions {
  readonly url: string
  readonly logger?: Pick<Logger, 'warn'>
  /** How often the keys are fetched again, in milliseconds: a withdrawn key is good for no longer. */
  readonly refreshMs?: number
}

/** An unknown key id may be a new key; it makes us ask no more often than this. */
const COOLDOWN_MS = 30_000
/** After a failure the provider is left alone this long, whoever asks. */
const FAILURE_COOLDOWN_MS = 5_000
/** Without an answer of the provider, keys are good this long. */
const MAX_AGE_MS = 600_000
const TIMEOUT_MS = 5_000

/** The keys of an identity provider: fetched at once, again every `refreshMs`, and when a token names an unknown key. */
export function remoteKeys({ url, logger, refreshMs = 60_000 }: RemoteKeysOptions): Keys {
  let answers = 0
  let failedUntil = 0
  const load = async (...request: Parameters<typeof fetch>): Promise<Response> => {
    if (Date.now() < failedUntil) throw new Error('the identity provider failed a moment ago')
    try {
      const response = await fetch(...request)
      if (response.status !== 200) throw new Error(`the identity provider answered ${response.status}`)
      answers++
      return response
    } catch (error) {
      failedUntil = Date.now() + FAILURE_COOLDOWN_MS
      throw error
    }
  }
  const remote = createRemoteJWKSet(new URL(url), {
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: Math.max(MAX_AGE_MS, refreshMs),
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: load
  })

  let version = 0
  let seen = 0
  let text: string | undefined
  const refresh = () => {
    remote.reload().catch((error: unknown) => {
      logger?.warn({ err: error, url }, 'the keys of the identity provider cannot be fetched; those known stay in use')
    })
  }
  const timer = setInterval(refresh, refreshMs).unref()
  refresh()

  return {
    key: remote,
    version() {
      // An answer that is not yet in use changes nothing: the text is compared once it is.
      if (seen === answers || remote.reloading) return version
      seen = answers
      const now = JSON.stringify(remote.jwks())
      if (now !== text) version++
      text = now
      return version
    },
    [Symbol.asyncDispose]: async () => clearInterval(timer)
  }
}
