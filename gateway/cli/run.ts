import type { Logger } from 'pino'

const FORCE_AFTER_MS = 15_000

/** Runs what was started until SIGINT or SIGTERM, then closes it; a second signal, or 15 s, ends at once. */
export async function runUntilStopped(
  running: AsyncDisposable,
  logger: Logger,
  started: () => Promise<void>
): Promise<void> {
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        setTimeout(() => process.exit(1), FORCE_AFTER_MS).unref()
        resolve()
      })
    }
  })
  try {
    await started()
    await stopped
  } finally {
    logger.info('closing')
    await running[Symbol.asyncDispose]()
  }
}
