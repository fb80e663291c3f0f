import type { Grant } from './grant.ts'
import type { Graph } from './graph.ts'
import { groupBy } from './group-by.ts'
import { type CompiledMask, hidesAtLeast } from './masks.ts'
import { type Problem, reporter } from './problem.ts'
import { isCovered, type ScopeTemplate, scopeText, widest } from './row-scope.ts'

/** What a party's grants of one field add up to. */
export interface Cell {
  readonly type: string
  readonly field: string
  /** The grants that decide. */
  readonly grants: readonly Grant[]
  readonly mask: CompiledMask | null
  /** Rows on which the field is granted; none covers another. */
  readonly scopes: readonly ScopeTemplate[]
}

/** By coordinate. */
export type Cells = ReadonlyMap<string, Cell>

/** Collects the problems of a party's contracts taken together; each is told of the contract that has to change. */
export interface Findings {
  readonly problems: Problem[]
  error(grant: Grant | undefined, message: string, remedy: string): void
  warning(grant: Grant | undefined, message: string, remedy: string): void
}

export function findings(): Findings {
  const problems: Problem[] = []
  const report = (severity: 'error' | 'warning') => (grant: Grant | undefined, message: string, remedy: string) => {
    if (grant?.clause) reporter(grant.clause.contract.source, problems)[severity](grant.clause.path, message, remedy)
    else problems.push({ severity, file: null, line: null, clause: null, message, remedy })
  }
  return { problems, error: report('error'), warning: report('warning') }
}

/** Adds a party's grants up, field by field: the least masked wins, and the rows add up (semantics K3). */
export function decide(grants: readonly Grant[], graph: Graph, found: Findings): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  for (const [coordinate, list] of groupBy(grants, grant => `${grant.type}.${grant.field}`)) {
    const chosen = leastMasked(coordinate, list, found)
    const [first] = chosen
    // Commons are seen anyway; a clause on them only masks.
    if (!first || (graph.ownership.isCommons(first.type, first.field) && !first.mask)) continue
    cells.set(coordinate, {
      type: first.type,
      field: first.field,
      grants: chosen,
      mask: first.mask,
      scopes: widest(chosen.map(grant => grant.read))
    })
  }
  return cells
}

/**
 * A view has one mask a field, so the least masked grants must hold on all rows of the others. Where they do not, only
 * the most masked are kept: fail closed, and a problem.
 */
function leastMasked(coordinate: string, grants: readonly Grant[], found: Findings): readonly Grant[] {
  const least = grants.find(a => grants.every(b => hidesAtLeast(b.mask, a.mask)))
  const kept = least ? grants.filter(g => g.mask?.name === least.mask?.name) : []
  const rows = kept.map(g => g.read)
  if (least && grants.every(g => isCovered(g.read, rows))) return kept
  const most = grants.find(a => grants.every(b => hidesAtLeast(a.mask, b.mask)))
  const [a, b] = [grants[0], grants.find(g => g.mask?.name !== grants[0]?.mask?.name)].map(
    g => `${g?.mask?.name ?? 'plain'} on ${scopeText(g?.read ?? {})}`
  )
  found.error(
    grants.find(g => g.clause),
    `${coordinate} would be ${a} and ${b}`,
    'A field has one mask for a party: let the clauses agree on it, or on the rows (K3)'
  )
  return most ? grants.filter(g => g.mask?.name === most.mask?.name) : []
}

/** For each type that has rows of its own: the distinct scopes under which anything of it is granted, in a fixed order. */
export function scopesByType(cells: Cells, graph: Graph, found: Findings): Map<string, readonly ScopeTemplate[]> {
  const byType = new Map<string, Map<string, ScopeTemplate>>()
  for (const { type, scopes } of cells.values()) {
    if (graph.ownership.scopedBy(type) === null) continue
    const known = byType.get(type) ?? new Map<string, ScopeTemplate>()
    for (const scope of scopes) known.set(scopeText(scope), scope)
    byType.set(type, known)
  }
  return new Map(
    [...byType].map(([type, scopes]) => {
      const sorted = [...scopes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope)
      if (sorted.length <= MAX_SCOPES) return [type, sorted]
      found.error(
        undefined,
        `${type} has ${sorted.length} different row scopes for one party, and ${MAX_SCOPES} are the most`,
        'Say the same scope in the same words in all contracts'
      )
      return [type, sorted.slice(0, MAX_SCOPES)]
    })
  )
}

/** Bits of a signed 32-bit integer that the subgraphs count with. */
const MAX_SCOPES = 31

/** True when the field is granted on every row that the party can see of its type. */
export function isOnEveryRow(cell: Cell, scopes: ReadonlyMap<string, readonly ScopeTemplate[]>): boolean {
  return (scopes.get(cell.type) ?? []).every(scope => isCovered(scope, cell.scopes))
}
