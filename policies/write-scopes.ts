import type { Cells } from './decision.ts'
import type { Graph } from './graph.ts'
import { implies, isCovered, type ScopeTemplate, scopeText, widest } from './row-scope.ts'
import { writtenTypes } from './written-types.ts'

/** By mutation field, then type: the rows that it may touch or create (semantics K7). */
export type WriteScopes = ReadonlyMap<string, ReadonlyMap<string, readonly ScopeTemplate[]>>

/** Reads the write scopes of a party's mutations. */
export function writeScopes(cells: Cells, graph: Graph): WriteScopes {
  const { mutation } = graph.roots
  return new Map(
    [...cells.values()]
      .filter(cell => cell.type === mutation)
      .map(({ field, grants }) => {
        const scopes = widest(grants.flatMap(grant => (grant.write ? [grant.write] : [])))
        return [field, new Map(writtenTypes(graph, field).map(type => [type, scopes]))]
      })
  )
}

/**
 * The write scopes by type of one mutation, or, when it is not said which, those that every mutation of the type has: what
 * one contract lets a caller cancel, another that lets it ship does not.
 */
export function writableRows(writes: WriteScopes, mutation?: string): ReadonlyMap<string, readonly ScopeTemplate[]> {
  if (mutation !== undefined) return writes.get(mutation) ?? new Map()
  const byType = new Map<string, readonly ScopeTemplate[]>()
  for (const types of writes.values()) {
    for (const [type, scopes] of types) {
      const known = byType.get(type)
      byType.set(type, known ? common(known, scopes) : scopes)
    }
  }
  return byType
}

/** Scopes whose rows are in both. */
function common(a: readonly ScopeTemplate[], b: readonly ScopeTemplate[]): readonly ScopeTemplate[] {
  const narrow = [...a.filter(scope => isCovered(scope, b)), ...b.filter(scope => isCovered(scope, a))]
  const distinct = [...new Map(narrow.map(scope => [scopeText(scope), scope])).values()]
  return distinct.filter(scope => !distinct.some(other => other !== scope && implies(scope, other)))
}
