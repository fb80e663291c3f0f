import { isIPv6 } from 'node:net'
import type { TransportSettings } from '../../settings.ts'
import type { EnteredCaller } from '../door.ts'

/** Gives back what was counted; a second call does nothing. */
export type Release = () => void

/** How many lasting connections (websockets, event streams) there are, and the word that all of them shall end. */
export interface Connections {
  /** Counts a connection of an address that has not proved who it is; null when there are too many. */
  unproven(address: string | undefined): Release | null
  /**
   * Counts a connection of a caller that proved who it is; null when it has too many. Callers without a token go on
   * counting by their address.
   */
  proven(caller: Pick<EnteredCaller, 'consumer' | 'expiresAt'>): Release | null
  /** Calls the listener when connections shall end, at once when they shall already; gives back how to forget it. */
  onDrain(listener: () => void): Release
  readonly draining: boolean
  /** The process has been told to end, and load balancers are to hear of it; draining follows. */
  readonly leaving: boolean
  leave(): void
  drain(): void
}

/** Counts the connections of one process. */
export function createConnections({
  unprovenSocketsPerAddress,
  socketsPerConsumer
}: Pick<TransportSettings, 'unprovenSocketsPerAddress' | 'socketsPerConsumer'>): Connections {
  const addresses = new Map<string, number>()
  const consumers = new Map<string, number>()
  const listeners = new Set<() => void>()
  let draining = false
  let leaving = false
  return {
    unproven: address => count(addresses, networkOf(address ?? ''), unprovenSocketsPerAddress),
    proven: ({ consumer }) => count(consumers, `${consumer.company}\n${consumer.id}`, socketsPerConsumer),
    onDrain(listener) {
      if (draining) listener()
      else listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get draining() {
      return draining
    },
    get leaving() {
      return leaving
    },
    leave() {
      leaving = true
    },
    drain() {
      leaving = true
      draining = true
      for (const listener of listeners) listener()
      listeners.clear()
    }
  }
}

/** A caller without a token proves nothing: whoever comes next may be anyone. */
export function isProven({ expiresAt }: Pick<EnteredCaller, 'expiresAt'>): boolean {
  return Number.isFinite(expiresAt)
}

function count(counts: Map<string, number>, key: string, most: number): Release | null {
  const now = counts.get(key) ?? 0
  if (now >= most) return null
  counts.set(key, now + 1)
  let counted = true
  return () => {
    if (!counted) return
    counted = false
    const left = (counts.get(key) ?? 1) - 1
    if (left > 0) counts.set(key, left)
    else counts.delete(key)
  }
}

/** Who has one IPv6 address commonly has 2^64 of them: all of a /64 count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Array.from({ length: 8 - before.length - after.length }, () => '0') : []
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}
