import { isRecord } from '../execute/bare.ts'
import { Failure } from '../execute/failure.ts'
import type { Rename } from './fetches/plan-node.ts'

/** Changes an answer in place. */
export type Rewrite = (value: unknown) => void

/** Compiles a plan's renames; null when there are none. */
export function compileRenames(renames: readonly Rename[]): Rewrite | null {
  if (renames.length === 0) return null
  const compiled = renames.map(compileRename)
  return value => {
    for (const apply of compiled) apply(value)
  }
}

function compileRename({ path, from, to }: Rename): Rewrite {
  const walk = (value: unknown, i: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, i)
      return
    }
    if (!isRecord(value) || value instanceof Failure) return
    const key = path[i]
    if (key !== undefined) {
      if (Object.hasOwn(value, key)) walk(value[key], i + 1)
    } else if (Object.hasOwn(value, from)) {
      value[to] = value[from]
      delete value[from]
    }
  }
  return value => walk(value, 0)
}
