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

/** Compiles the paths of a plan. Steps that are alike are one object: a large plan has thousands of paths over few steps. */
export function pathCompiler(supergraph: Supergraph): (path: PlanPath) => Path {
  const fields = new Map<string, PathStep>()
  const types = new Map<string, PathStep>()
  const step = (segment: PlanPath[number]): PathStep => {
    if (segment.kind === 'list') return LIST
    if (segment.kind === 'field') return known(fields, segment.key, () => ({ ...segment, shared: false }))
    return known(types, segment.conditions.join(), () => {
      const typenames = expand(segment.conditions, supergraph)
      return known(types, `|${[...typenames].sort()}`, () => ({ kind: 'type', typenames }))
    })
  }
  return path => path.map(step)
}

const LIST: PathStep = { kind: 'list' }

function known(steps: Map<string, PathStep>, key: string, make: () => PathStep): PathStep {
  const found = steps.get(key)
  if (found) return found
  const made = make()
  steps.set(key, made)
  return made
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
