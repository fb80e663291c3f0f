import type { Log } from '../../platform/log/log.ts'
import type { Subgraph } from '../../platform/subgraph/subgraph.ts'

/** What `/readyz` answers: whether this process can serve, and how far each room has read the log. */
export interface Readiness {
  readonly ready: boolean
  readonly version: string
  readonly profile: string
  /** By room: true when it has applied everything up to the head. */
  readonly rooms: Readonly<Record<string, boolean>>
}

/** Ready = the log can be read, where there is one. A room that lags is shown, and answers `stale` where a caller asked for more. */
export async function readiness(
  about: Pick<Readiness, 'version' | 'profile'>,
  log: Log | null,
  rooms: readonly Subgraph[]
): Promise<Readiness> {
  if (!log) return { ready: true, ...about, rooms: {} }
  const head = await log.head().catch(() => null)
  const applied = await Promise.all(
    rooms.map(async room => [room.name, head !== null && (await room.applied(head))] as const)
  )
  return { ready: head !== null, ...about, rooms: Object.fromEntries(applied) }
}
