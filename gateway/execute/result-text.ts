import type { Result } from './result.ts'

/** Results that several callers get, with their text once somebody needed it. */
const shared = new WeakMap<Result, string | null>()

/** Says that several callers get this very result, so its text is worth keeping. */
export function share(result: Result): void {
  shared.set(result, null)
}

/** The result as JSON; of a shared one, made once. */
export function textOf(result: Result): string {
  const known = shared.get(result)
  if (known) return known
  const text = JSON.stringify(result)
  if (known === null) shared.set(result, text)
  return text
}
