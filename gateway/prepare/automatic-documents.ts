import type { Caller } from '../execute/access.ts'

/** Texts by hash that clients have registered, each consumer's for itself; the one used longest ago goes first. */
export interface AutomaticDocuments {
  get(hash: string, caller: Pick<Caller, 'consumer'>): string | undefined
  /** Keeps a text whose hash has been checked; one that is too long is not kept. */
  keep(hash: string, text: string, caller: Pick<Caller, 'consumer'>): void
}

const MAX_ENTRIES = 10_000
const MAX_CHARACTERS = 16 * 1024 * 1024
/** A longer one would push out too many others. */
const MAX_TEXT = 256 * 1024

/** Keeps at most 10,000 texts of 16 million characters in all; `max` is for those who need less. */
export function automaticDocuments(max = { entries: MAX_ENTRIES, characters: MAX_CHARACTERS }): AutomaticDocuments {
  const texts = new Map<string, string>()
  let characters = 0

  const remove = (key: string): string | undefined => {
    const text = texts.get(key)
    if (text !== undefined) characters -= text.length
    texts.delete(key)
    return text
  }

  return {
    get(hash, caller) {
      const key = keyOf(hash, caller)
      const text = texts.get(key)
      if (text === undefined) return undefined
      // A map keeps the order of insertion: what is used goes to its end.
      texts.delete(key)
      texts.set(key, text)
      return text
    },
    keep(hash, text, caller) {
      if (text.length > Math.min(MAX_TEXT, max.characters)) return
      const key = keyOf(hash, caller)
      remove(key)
      texts.set(key, text)
      characters += text.length
      for (const oldest of texts.keys()) {
        if (texts.size <= max.entries && characters <= max.characters) break
        remove(oldest)
      }
    }
  }
}

/** The hash has a fixed length, so no other consumer and hash make the same key. */
function keyOf(hash: string, { consumer }: Pick<Caller, 'consumer'>): string {
  return `${hash}${consumer.company}\n${consumer.id}`
}
