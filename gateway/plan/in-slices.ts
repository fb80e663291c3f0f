import { setImmediate as breath } from 'node:timers/promises'

/** What may be done at once before others have a turn. */
const SLICE_MS = 5

/** Work in steps. */
export type Steps<Made> = Generator<void, Made>

/** Does long work step by step, so that nobody waits for the whole of it. */
export async function inSlices<Made>(steps: Steps<Made>): Promise<Made> {
  let until = performance.now() + SLICE_MS
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() < until) continue
    await breath()
    until = performance.now() + SLICE_MS
  }
}

/** Does work at once that could be done in steps. */
export function atOnce<Made>(steps: Steps<Made>): Made {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
