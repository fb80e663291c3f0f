/** A 95 % confidence interval and how it was found. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly method: 'wilson' | 'bootstrap'
}

const Z = 1.959963984540054

/** Wilson's score interval of a share, as fractions; null without cases. */
export function wilson(hits: number, n: number): Interval | null {
  if (n === 0) return null
  const p = hits / n
  const centre = p + (Z * Z) / (2 * n)
  const half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))
  const scale = 1 + (Z * Z) / n
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale), method: 'wilson' }
}

/** The middle of numbers, the mean of the two middle ones; null of none. */
export function median(values: readonly number[]): number | null {
  return percentile(values, 0.5)
}

/** A percentile by linear interpolation between ranks; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place))
}

const RESAMPLES = 500
const SEED = 20_260_101

/**
 * The interval of a median of medians, by drawing again within each group; the seed is fixed, so that the same facts
 * give the same interval. Null when there is nothing to draw.
 */
export function bootstrapMedianOfMedians(groups: readonly (readonly number[])[]): Interval | null {
  const filled = groups.filter(group => group.length > 0).map(group => [...group].sort((a, b) => a - b))
  if (filled.length === 0) return null
  const random = mulberry(SEED)
  const found = Array.from(
    { length: RESAMPLES },
    () => median(filled.map(group => resampledMedian(group, random))) ?? 0
  )
  return { low: percentile(found, 0.025) ?? 0, high: percentile(found, 0.975) ?? 0, method: 'bootstrap' }
}

/** The median of a sample drawn with replacement: counted by rank, because sorting each sample costs ten times as much. */
function resampledMedian(sorted: readonly number[], random: () => number): number {
  const n = sorted.length
  const drawn = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    const rank = Math.floor(random() * n)
    drawn[rank] = (drawn[rank] ?? 0) + 1
  }
  const at = (rank: number): number => {
    let seen = 0
    for (let i = 0; i < n; i++) {
      seen += drawn[i] ?? 0
      if (seen > rank) return sorted[i] ?? 0
    }
    return sorted[n - 1] ?? 0
  }
  return (at(Math.floor((n - 1) / 2)) + at(Math.ceil((n - 1) / 2))) / 2
}

/** A small generator of numbers in [0, 1) that is the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
