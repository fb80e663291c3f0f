/** A chain of components that leads back to where it began, for example `['A', 'B', 'A']`; null when there is none. */
export function findCycle(componentsOf: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>()
  for (const start of componentsOf.keys()) {
    // Each frame is a SKU on the present path with what is left to follow of its components: no recursion, for depth is data.
    const path: { readonly sku: string; readonly rest: string[] }[] = []
    const enter = (sku: string): void => void path.push({ sku, rest: [...(componentsOf.get(sku) ?? [])] })
    if (!done.has(start)) enter(start)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.rest.pop()
      if (next === undefined) {
        done.add(top.sku)
        path.pop()
        continue
      }
      const at = path.findIndex(({ sku }) => sku === next)
      if (at >= 0) return [...path.slice(at).map(({ sku }) => sku), next]
      if (!done.has(next)) enter(next)
    }
  }
  return null
}
