import { hash } from 'node:crypto'

/** SHA-256 (hexadecimal) of a value as JSON with sorted keys: the same input in another order is the same input. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value, sortedKeys) ?? 'undefined')
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
