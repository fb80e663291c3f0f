import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diskMb } from './usage.ts'

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/**
 * Megabytes that an installation of the package at `root` takes: what it publishes, and every package that it needs in
 * order to run, as they lie in its `node_modules`. Optional ones count when they are there.
 */
export function productionMb(root: string, published: readonly string[]): number {
  const found = new Set<string>()
  const queue = [root]
  for (const directory of queue) {
    for (const name of needs(directory)) {
      const path = resolveFrom(directory, name)
      if (path === null || found.has(path)) continue
      found.add(path)
      queue.push(path)
    }
  }
  const packages = [...found].reduce((sum, path) => sum + diskMb(path) - nested(path), 0)
  return published.reduce((sum, each) => sum + (existsSync(join(root, each)) ? diskMb(join(root, each)) : 0), packages)
}

function needs(directory: string): readonly string[] {
  const about: Package = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const peers = Object.keys(about.peerDependencies ?? {}).filter(name => !about.peerDependenciesMeta?.[name]?.optional)
  return [...Object.keys(about.dependencies ?? {}), ...Object.keys(about.optionalDependencies ?? {}), ...peers]
}

/** What is nested is counted as the package that it is, if it is needed. */
function nested(path: string): number {
  const inside = join(path, 'node_modules')
  return existsSync(inside) ? diskMb(inside) : 0
}

function resolveFrom(directory: string, name: string): string | null {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return path
    if (dirname(at) === at) return null
  }
}
