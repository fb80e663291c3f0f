import { FAULTS, Fault } from '../errors.ts'

/** Tries of one event before it is parked; more when the fault says that it passes, such as a room that is still starting. */
const TRIES = 5
const TRIES_WHEN_RETRYABLE = 30

/** Milliseconds. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 5000

/** Counts the failures of one event: milliseconds to wait before the next try, or null when there is none. */
export function pauses(): (error: unknown) => number | null {
  let tries = 0
  return error => {
    tries += 1
    const most = error instanceof Fault && FAULTS[error.code].retryable ? TRIES_WHEN_RETRYABLE : TRIES
    return tries >= most ? null : Math.min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
  }
}
