import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner'
import { isAbstractType } from 'graphql'
import type { Supergraph } from './supergraph.ts'

/** One step from the root of the data to the objects that a fetch completes. */
export type PathStep =
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'type'; readonly typenames: ReadonlySet<string> }

export type Path = readonly PathStep[]

/** Compiles the planner's path. */
export function compilePath(segments: readonly FlattenNodePathSegment[], supergraph: Supergraph): Path {
  return segments.map(segment => {
    if (segment === '@') return { kind: 'list' }
    if ('Field' in segment) return { kind: 'field', key: segment.Field }
    return { kind: 'type', typenames: expand(segment.TypeCondition, supergraph) }
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

/** Adds every object at the path to `found`; lists within lists are walked through. */
export function collect(value: unknown, path: Path, found: Record<string, unknown>[], from = 0): void {
  let current = value
  for (let i = from; i <= path.length; i++) {
    if (typeof current !== 'object' || current === null) return
    const step = path[i]
    if (Array.isArray(current)) {
      const next = step?.kind === 'list' ? i + 1 : i
      for (const item of current) collect(item, path, found, next)
      return
    }
    const object = current as Record<string, unknown>
    if (step === undefined) {
      found.push(object)
      return
    }
    if (step.kind === 'field') current = object[step.key]
    else if (step.kind === 'type' && !step.typenames.has(object['__typename'] as string)) return
  }
}

/**
 * Whether what is fetched for `from` may be shared between equal entities: nothing that comes later reaches a part of
 * it through one of them alone, which would show there what was selected for the other.
 */
export function sharesSafely(from: readonly Path[], later: readonly Path[]): boolean {
  return later.every(other =>
    from.every(path => !mayPassThrough(other, path) || (from.length === 1 && startsWith(other, path)))
  )
}

function mayPassThrough(other: Path, path: Path): boolean {
  const place = (steps: Path) => steps.flatMap(step => (step.kind === 'field' ? [step.key] : []))
  const [outer, inner] = [place(path), place(other)]
  return inner.length >= outer.length && outer.every((key, i) => inner[i] === key)
}

function startsWith(other: Path, path: Path): boolean {
  return path.every((step, i) => {
    const same = other[i]
    if (step.kind !== same?.kind) return false
    if (step.kind === 'field') return same.kind === 'field' && same.key === step.key
    if (step.kind === 'list') return true
    return (
      same.kind === 'type' &&
      same.typenames.size === step.typenames.size &&
      [...step.typenames].every(t => same.typenames.has(t))
    )
  })
}
