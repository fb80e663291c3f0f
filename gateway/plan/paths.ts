import { isAbstractType } from 'graphql'
import type { PlanPath } from './fetches/plan-node.ts'
import type { Supergraph } from './supergraph.ts'

/** One step from the root of the data to the objects that a fetch completes. */
export type PathStep =
  | {
      readonly kind: 'field'
      readonly key: string
      /** What stands here may stand in several places: to have seen it once is enough. */
      readonly shared: boolean
    }
  | { readonly kind: 'list' }
  | { readonly kind: 'type'; readonly typenames: ReadonlySet<string> }

export type Path = readonly PathStep[]

/** Compiles a plan's path. */
export function compilePath(path: PlanPath, supergraph: Supergraph): Path {
  return path.map(segment => {
    if (segment.kind === 'field') return { ...segment, shared: false }
    return segment.kind === 'list' ? segment : { kind: 'type', typenames: expand(segment.conditions, supergraph) }
  })
}

/** Every type name that a row may carry when it meets one of the conditions. */
export function expand(conditions: readonly string[], { schema }: Supergraph): ReadonlySet<string> {
  const typenames = new Set(conditions)
  for (const condition of conditions) {
    const type = schema.getType(condition)
    if (isAbstractType(type)) for (const { name } of schema.getPossibleTypes(type)) typenames.add(name)
  }
  return typenames
}

/** Every object at the path, once; lists within lists are walked through. */
export function collect(data: unknown, path: Path): readonly Record<string, unknown>[] {
  const found: Record<string, unknown>[] = []
  const seen = path.some(step => step.kind === 'field' && step.shared) ? new Set<unknown>() : null
  walk(data, path, 0, found, seen)
  return found
}

function walk(
  value: unknown,
  path: Path,
  from: number,
  found: Record<string, unknown>[],
  seen: Set<unknown> | null
): void {
  let current = value
  for (let i = from; i <= path.length; i++) {
    if (typeof current !== 'object' || current === null) return
    const step = path[i]
    if (Array.isArray(current)) {
      const next = step?.kind === 'list' ? i + 1 : i
      for (const item of current) walk(item, path, next, found, seen)
      return
    }
    const object = current as Record<string, unknown>
    if (step === undefined) {
      found.push(object)
      return
    }
    if (step.kind === 'field') {
      current = object[step.key]
      if (step.shared && seen && typeof current === 'object') {
        if (seen.has(current)) return
        seen.add(current)
      }
    } else if (step.kind === 'type' && !step.typenames.has(object['__typename'] as string)) return
  }
}
