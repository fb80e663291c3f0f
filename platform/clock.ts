/** Time as a dependency, so that tests and the demo company choose it. */
export interface Clock {
  /** The present instant, UTC, in milliseconds. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** An instant as it is stored and sent everywhere: ISO 8601, UTC, milliseconds; sorts as text. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
