/** What `/readyz` says, as far as the page understands it. */
export interface Readiness {
  readonly state: 'ready' | 'notReady' | 'unreachable'
  readonly version: string | null
  readonly profile: string | null
  /** By room: whether it has read the log to its end. */
  readonly rooms: Readonly<Record<string, boolean>>
}

const UNREACHABLE: Readiness = { state: 'unreachable', version: null, profile: null, rooms: {} }

/** Asks the gateway that served this page. Never throws: no answer is an answer too. */
export async function askReadiness(): Promise<Readiness> {
  try {
    const response = await fetch('readyz', { cache: 'no-store', signal: AbortSignal.timeout(5_000) })
    const body: unknown = await response.json()
    if (!isRecord(body)) return UNREACHABLE
    const { version, profile, rooms } = body
    return {
      state: response.ok ? 'ready' : 'notReady',
      version: typeof version === 'string' ? version : null,
      profile: typeof profile === 'string' ? profile : null,
      rooms: isRecord(rooms)
        ? Object.fromEntries(Object.entries(rooms).map(([name, read]) => [name, read === true]))
        : {}
    }
  } catch {
    return UNREACHABLE
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
