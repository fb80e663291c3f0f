import { createHash, randomBytes } from 'node:crypto'

/** Lower case only: some databases compare text without case. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 20

/**
 * A public id: a prefix that names the kind and 100 random bits. Never sortable, because an id that grows with time
 * gives away the time that a contract may have masked (semantics K6).
 */
export function newId(prefix: string): string {
  return `${prefix}_${encode(randomBytes(LENGTH))}`
}

/**
 * The id of something known by other means: the same parts give the same id, which tells nothing of its order. Who sees it
 * can test guesses of the parts, so take it only of parts that its readers know, or of which one is a random id that they
 * do not; anything else gets `newId` and is found by its natural key.
 */
export function idFrom(prefix: string, ...parts: readonly string[]): string {
  return `${prefix}_${encode(createHash('sha256').update(parts.join('\u0000')).digest())}`
}

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < LENGTH; i++) text += ALPHABET[(bytes[i] ?? 0) & 31]
  return text
}
