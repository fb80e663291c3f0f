import { getNamedType, isAbstractType, isObjectType } from 'graphql'
import type { Cell, Cells, Findings } from './decision.ts'
import type { Graph } from './graph.ts'
import { isCovered, type ScopeTemplate, scopeText } from './row-scope.ts'

/**
 * A type without rows of its own (an address, an event) hangs on the row that it is reached from. When contracts reach it
 * on different rows, a field that only one of them grants would show on the other's: withheld, and a problem (semantics K3).
 */
export function withheldByEmbedding(
  cells: Cells,
  scopes: ReadonlyMap<string, readonly ScopeTemplate[]>,
  isVisible: (coordinate: string) => boolean,
  graph: Graph,
  found: Findings
): readonly string[] {
  const reachedOn = new Map<string, ScopeTemplate[]>()
  const reach = (type: string, on: readonly ScopeTemplate[]) =>
    reachedOn.set(type, [...(reachedOn.get(type) ?? []), ...on])
  for (const cell of cells.values()) {
    const target = getNamedType(graph.field(cell.type, cell.field)?.type)
    if (!target || !isVisible(`${cell.type}.${cell.field}`)) continue
    if (cell.type === graph.roots.subscription) reach(target.name, eventRows(target.name, scopes, graph))
    if (!graph.isRoot(cell.type)) for (const name of embeddedIn(target.name, graph)) reach(name, cell.scopes)
  }
  return [...cells].flatMap(([coordinate, cell]) => {
    const on = rowsOf(cell, reachedOn, scopes, graph)
    const uncovered = on.find(scope => !isCovered(scope, cell.scopes))
    if (!uncovered) return []
    found.error(
      cell.grants.find(g => g.clause),
      `${coordinate} is granted on ${cell.scopes.map(scopeText).join(' or ')}, but would show rows where ${scopeText(uncovered)} too`,
      'Grant the same fields of it on the same rows in all contracts of the party (K3)'
    )
    return [coordinate]
  })
}

/** The rows on which a field shows whatever its own clauses say: those that its type is reached on, or that bring its events. */
function rowsOf(
  { type, field }: Cell,
  reachedOn: ReadonlyMap<string, readonly ScopeTemplate[]>,
  scopes: ReadonlyMap<string, readonly ScopeTemplate[]>,
  graph: Graph
): readonly ScopeTemplate[] {
  if (type === graph.roots.subscription)
    return eventRows(getNamedType(graph.field(type, field)?.type)?.name ?? '', scopes, graph)
  return isEmbedded(type, graph) ? (reachedOn.get(type) ?? []) : []
}

/** An event goes to everyone who sees a row that it is about. */
function eventRows(
  event: string,
  scopes: ReadonlyMap<string, readonly ScopeTemplate[]>,
  graph: Graph
): readonly ScopeTemplate[] {
  const type = graph.schema.getType(event)
  if (!isObjectType(type)) return []
  return Object.values(type.getFields()).flatMap(field => scopes.get(getNamedType(field.type).name) ?? [])
}

/** The embedded types that a field opens: its own type, through commons wrappers. */
function embeddedIn(name: string, graph: Graph, seen = new Set<string>()): readonly string[] {
  if (seen.has(name)) return []
  seen.add(name)
  const type = graph.schema.getType(name)
  if (isAbstractType(type))
    return graph.schema.getPossibleTypes(type).flatMap(({ name }) => embeddedIn(name, graph, seen))
  if (!isObjectType(type)) return []
  if (!graph.ownership.isCommonsType(name)) return isEmbedded(name, graph) ? [name] : []
  return Object.values(type.getFields()).flatMap(field => embeddedIn(getNamedType(field.type).name, graph, seen))
}

function isEmbedded(type: string, graph: Graph): boolean {
  const { ownership } = graph
  return (
    !graph.isRoot(type) &&
    !ownership.isCommonsType(type) &&
    !ownership.isEntity(type) &&
    ownership.scopedBy(type) === null
  )
}
