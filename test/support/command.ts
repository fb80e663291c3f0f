import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../../platform/root.ts'

/** An `oaas` command as a process of its own. */
export interface RunningCommand extends AsyncDisposable {
  readonly pid: number
  /** What it has written to stderr. */
  stderr(): string
  /** The URL of its ready line; rejects when it ends without one. */
  ready(): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** Exit code, or the signal that ended it. */
  ended(): Promise<number | string>
}

/** Starts `oaas` with an environment of its own. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
  const child = spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'gateway', 'main.ts'), ...args], {
    cwd: packageRoot,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const lines = createInterface({ input: child.stdout })
  const ready = new Promise<string>((resolve, reject) => {
    lines.on('line', line => line.startsWith('ready ') && resolve(line.slice(6)))
    end.then(code => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)))
  })
  ready.catch(() => {})
  return {
    pid: child.pid ?? 0,
    stderr: () => stderr,
    ready: () => ready,
    kill: signal => void child.kill(signal),
    ended: () => end,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await end
    }
  }
}
