import type { Log, LogFilter, LogPage, Position } from './log.ts'
import { createWake } from './wake.ts'

/** Events of one page. */
const PAGE = 500

export interface TailOptions {
  readonly after: Position
  readonly filter?: LogFilter
  /** Ends the tail; nothing else does but a failure to read. */
  readonly signal: AbortSignal
}

/**
 * Everything after a position: first what is there, then what comes, without a gap between. A page may have no event and
 * only say how far has been looked. Throws Fault CURSOR_EXPIRED when what comes next has been trimmed.
 */
export async function* tail(log: Log, { after, filter, signal }: TailOptions): AsyncGenerator<LogPage> {
  const { wake, wait } = createWake()
  // Watched before the first page is read: what is appended in between wakes the wait that follows.
  const unwatch = log.watch(wake)
  try {
    let position = after
    while (!signal.aborted) {
      const page = await log.read(position, PAGE, filter)
      if (signal.aborted) return
      if (page.upTo > position) {
        position = page.upTo
        yield page
      } else {
        await wait(signal)
      }
    }
  } finally {
    unwatch()
  }
}
