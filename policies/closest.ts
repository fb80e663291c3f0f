/** The option that a mistyped name is nearest to, as a half sentence: `; did you mean "x"`; empty when none is near. */
export function didYouMean(name: string, options: readonly string[]): string {
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(name.length * 0.4)) + 1
  for (const option of options) {
    const distance = editDistance(name.toLowerCase(), option.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [option, distance]
  }
  return best === null ? '' : `; did you mean "${best}"`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
