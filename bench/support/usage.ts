import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What a process and its children used, as Linux counts it. */

const TICKS_PER_SECOND = Number(spawnSync('getconf', ['CLK_TCK']).stdout?.toString() ?? '') || 100

interface Stat {
  readonly parent: number
  readonly ticks: number
}

function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name is in brackets and may hold anything.
    const [, parent, , , , , , , , , , user, system, childUser, childSystem] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
    return { parent: Number(parent), ticks: Number(user) + Number(system) + Number(childUser) + Number(childSystem) }
  } catch {
    return null
  }
}

/** A process and all below it. */
export function tree(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = stat(Number(name))?.parent
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

/** Milliseconds of CPU that the processes have used since they started, threads and ended children included. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ((stat(pid)?.ticks ?? 0) * 1000) / TICKS_PER_SECOND, 0)
}

/**
 * Milliseconds that a process's first thread was ready to run and had no core, since it started: what others on this machine
 * cost it. 0 where the system does not say.
 */
export function waitedMs(pid: number | `${number}/task/${string}`): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}

/** The same for each thread of the process, by its id. */
export function threadsWaitedMs(pid: number): ReadonlyMap<string, number> {
  try {
    return new Map(readdirSync(`/proc/${pid}/task`).map(thread => [thread, waitedMs(`${pid}/task/${thread}`)]))
  } catch {
    return new Map()
  }
}

function status(pid: number, field: string): number {
  try {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** The most memory that the processes have held, in MB. */
export const peakMb = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + status(pid, 'VmHWM'), 0)

/** The memory that they hold now, in MB. */
export const residentMb = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + status(pid, 'VmRSS'), 0)

/** What a directory takes on disk, in MB. */
export function diskMb(path: string): number {
  const { status, stdout } = spawnSync('du', ['-sk', path])
  return status === 0 ? Number(stdout.toString().split('\t')[0]) / 1024 : Number.NaN
}
