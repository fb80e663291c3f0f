import type { Logger } from 'pino'

/** Beyond the time that running requests are given, for closing everything else. */
const CLOSING_MS = 5_000
const STRAY_MS = 500

export interface RunOptions {
  /** How long load balancers and running requests are given, in milliseconds. */
  readonly closeMs?: number
  /** What SIGHUP does; without it, it ends the process as ever. */
  readonly hangup?: () => Promise<void>
}

/**
 * Runs what was started until SIGINT or SIGTERM, then closes it, and the process ends with 0. A second signal ends it at once,
 * and so does a close that takes too long; both with 1.
 */
export async function runUntilStopped(
  running: AsyncDisposable,
  logger: Logger,
  started: () => Promise<void>,
  { closeMs = 10_000, hangup }: RunOptions = {}
): Promise<void> {
  const stopped = new Promise<void>(resolve => {
    let signals = 0
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        signals++
        if (signals > 1) process.exit(1)
        setTimeout(() => process.exit(1), closeMs + CLOSING_MS).unref()
        resolve()
      })
    }
  })
  if (hangup) process.on('SIGHUP', () => void hangup())
  try {
    await started()
    await stopped
  } finally {
    logger.info('closing')
    await running[Symbol.asyncDispose]()
  }
  // Everything is closed: whatever else still holds the process must not make it end as if it had hung.
  setTimeout(() => process.exit(), STRAY_MS).unref()
}
