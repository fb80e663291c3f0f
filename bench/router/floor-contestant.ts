import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { Recorded } from '../federation/subgraph-server.ts'
import { post } from '../support/load.ts'
import type { Contestant, Started } from './contestant.ts'
import type { Floor } from './floor.ts'
import type { Site } from './site.ts'

const RECORDING_DELAY_MS = 80

/** Records what our router asks the subgraphs for the deep query, and in which waves; the floor asks the same. */
export async function recordFloor(site: Site, router: Started): Promise<string> {
  const { subgraphs, deep, headers, dir } = site
  const { origin, pathname } = new URL(router.url)
  const pool = new Pool(origin)
  try {
    await subgraphs.setDelay(RECORDING_DELAY_MS)
    const recorded = await subgraphs.recorded(async () => {
      await post(pool, pathname, { 'content-type': 'application/json', ...headers }, deep.body)
    })
    const floor: Floor = { origin: subgraphs.origin, waves: waves(recorded), answer: deep.expected }
    const file = join(dir, 'floor.json')
    await writeFile(file, JSON.stringify(floor))
    return file
  } finally {
    await subgraphs.setDelay(0)
    await pool.destroy()
  }
}

/** Every answer was held back by the same time, so a request's time says how many came before it. */
function waves(recorded: readonly Recorded[]): Floor['waves'] {
  const first = recorded[0]?.at ?? 0
  const found: Recorded[][] = []
  for (const each of recorded) {
    const wave = Math.floor((each.at - first) / RECORDING_DELAY_MS)
    found[wave] = [...(found[wave] ?? []), each]
  }
  return found.filter(Boolean).map(wave => wave.map(({ path, body }) => ({ path, body })))
}

/** The floor, alone and with identical requests in flight shared. */
export function floors({ nodeFlags }: Site, file: string): readonly Contestant[] {
  const command = (dedupe: readonly string[]) => (port: number) => ({
    command: process.execPath,
    args: [...nodeFlags, '--import', 'tsx', join(import.meta.dirname, 'floor.ts'), file, String(port), ...dedupe]
  })
  return [
    { key: 'floor', label: 'floor', command: command([]), general: false },
    { key: 'floor_dedupe', label: 'floor, deduplicating', command: command(['dedupe']), general: false }
  ]
}
