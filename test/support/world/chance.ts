/** Decisions made by chance, the same for the same seed. */
export interface Chance {
  /** True with probability `p`. */
  (p: number): boolean
  /** A whole number from 0 to `below` - 1. */
  number(below: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Each item with probability `p`, in order. */
  some<Item>(items: readonly Item[], p: number): Item[]
}

export function chances(seed: number): Chance {
  const random = mulberry(seed)
  const chance = (p: number): boolean => random() < p
  const number = (below: number): number => Math.floor(random() * below)
  return Object.assign(chance, {
    number,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[number(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    some: <Item>(items: readonly Item[], p: number): Item[] => items.filter(() => chance(p))
  })
}

/** A whole number below 2³² that stands for a text. */
export function hash(...parts: readonly unknown[]): number {
  let state = 0x811c9dc5
  for (const char of JSON.stringify(parts)) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193)
  return Math.floor(mulberry(state)() * 4294967296)
}

/** A small seeded generator of numbers in [0, 1). */
export function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
