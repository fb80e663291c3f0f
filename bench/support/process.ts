import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tree } from './usage.ts'

/** Processes of a benchmark: pinned to a core, found ready, and ended for certain. */

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** The core to stay on; ignored where there is no `taskset`. */
  readonly core: number
}

export interface Running extends AsyncDisposable {
  readonly pid: number
  /** Milliseconds on the clock of `performance.now()`. */
  readonly startedAt: number
  /** The last of what it wrote, for saying what went wrong. */
  output(): string
  exited(): boolean
}

const hasTaskset = process.platform === 'linux' && spawnSync('taskset', ['-V']).status === 0
const KEPT_OUTPUT = 4000
const KILL_AFTER_MS = 3000

/** Nothing outlives the benchmark, however it ends. */
const live = new Set<ChildProcess>()
process.once('exit', () => {
  for (const { pid } of live) for (const each of pid ? tree(pid) : []) kill(each, 'SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** Whether processes can be pinned here. */
export const canPin = hasTaskset

/** Keeps this process on one core. */
export function pinSelf(core: number): void {
  if (hasTaskset) spawnSync('taskset', ['-acp', String(core), String(process.pid)])
}

/** Starts a process in production mode; disposing of it ends it and waits for its end. */
export function start({ command, args, env, cwd, core }: Command): Running {
  const [file, all] = hasTaskset ? ['taskset', ['-c', String(core), command, ...args]] : [command, [...args]]
  const startedAt = performance.now()
  const child = spawn(file, all, {
    cwd,
    env: { ...withoutNodeOptions(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  live.add(child)
  child.once('exit', () => live.delete(child))
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('error', error => keep(Buffer.from(String(error))))
  const over = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  return {
    pid: child.pid ?? 0,
    startedAt,
    output: () => output,
    exited: over,
    [Symbol.asyncDispose]: () => end(child, over)
  }
}

async function end(child: ChildProcess, over: () => boolean): Promise<void> {
  if (over()) return
  const all = child.pid ? tree(child.pid) : []
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  await gone
  clearTimeout(timer)
  for (const pid of all.slice(1)) kill(pid, 'SIGKILL')
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already.
  }
}

function withoutNodeOptions(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env
  return rest
}

/** Waits until the process has written a line that matches, and answers the match; throws when it ended or took too long. */
export async function written(running: Running, pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = pattern.exec(running.output())
    if (found) return found
    if (running.exited()) throw new Error(`ended before it was ready: ${running.output().trim().slice(-600)}`)
    if (performance.now() > until)
      throw new Error(`not ready within ${withinMs} ms: ${running.output().trim().slice(-600)}`)
    await sleep(5)
  }
}

/** A directory that is gone when the benchmark ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'oaas-bench-'))
  process.once('exit', () => rmSync(path, { recursive: true, force: true }))
  return path
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
