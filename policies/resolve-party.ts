import type { Contract } from './contract.ts'
import { withheldByCorrelation } from './correlation.ts'
import { type Cell, decide, findings, isOnEveryRow, scopesByType } from './decision.ts'
import { withheldByDerivation } from './derivation.ts'
import { withheldByEmbedding } from './embedded.ts'
import type { Grant } from './grant.ts'
import type { Graph } from './graph.ts'
import { groupBy } from './group-by.ts'
import { hiddenInputs } from './inputs.ts'
import type { Problem } from './problem.ts'
import type { ScopeTemplate } from './row-scope.ts'
import { type Visible, visibleTypes } from './visible.ts'
import { type WriteScopes, writeScopes } from './write-scopes.ts'

/** All that decides what a party sees, besides its consumers' claims. */
export interface Resolved {
  readonly party: string
  readonly contracts: readonly Contract[]
  readonly cells: ReadonlyMap<string, Cell>
  /** What its contracts granted, before anything was withheld. */
  readonly grants: readonly Grant[]
  readonly visible: Visible
  readonly hiddenInputs: ReadonlySet<string>
  /** By type: what the bits of `View.cells` and the places in `Access.read` stand for. */
  readonly scopes: ReadonlyMap<string, readonly ScopeTemplate[]>
  readonly writes: WriteScopes
  readonly problems: readonly Problem[]
}

/** Adds a party's grants up and withholds, until nothing contradicts, what its contracts together may not show. */
export function resolveParty(
  party: string,
  grants: readonly Grant[],
  contracts: readonly Contract[],
  graph: Graph
): Resolved {
  const found = findings()
  const cells = decide(grants, graph, found)
  const withheld = new Set<string>()
  for (;;) {
    const scopes = scopesByType(cells, graph, found)
    const visible = visibleTypes(cells, withheld, graph)
    const isVisible = (coordinate: string) => isIn(visible, coordinate)
    const unfit = [
      ...withheldByDerivation(cells, contracts, party, graph, found),
      ...withheldByEmbedding(cells, scopes, isVisible, graph, found),
      ...withheldByCorrelation(cells, isVisible, graph, found)
    ]
    if (unfit.length) {
      for (const coordinate of unfit) {
        withheld.add(coordinate)
        cells.delete(coordinate)
      }
      continue
    }
    const isPlain = (coordinate: string) => {
      const cell = cells.get(coordinate)
      return isVisible(coordinate) && (!cell || (cell.mask === null && isOnEveryRow(cell, scopes)))
    }
    remark(party, cells, visible, graph, found)
    const writes = writeScopes(cells, graph)
    return {
      party,
      contracts,
      cells,
      grants,
      visible,
      hiddenInputs: hiddenInputs(visible, isPlain, graph),
      scopes,
      writes,
      problems: found.problems
    }
  }
}

/** True when the field is visible. */
export function isIn(visible: Visible, coordinate: string): boolean {
  const dot = coordinate.indexOf('.')
  return visible.get(coordinate.slice(0, dot))?.has(coordinate.slice(dot + 1)) ?? false
}

/** What is allowed, yet hardly meant. */
function remark(
  party: string,
  cells: ReadonlyMap<string, Cell>,
  visible: Visible,
  graph: Graph,
  found: ReturnType<typeof findings>
): void {
  const byType = groupBy(cells.values(), cell => cell.type)
  for (const [type, list] of byType) {
    const clause = list.flatMap(cell => cell.grants).find(grant => grant.clause)
    if (!clause) continue
    if (!visible.has(type)) {
      found.warning(
        clause,
        `${type} is granted to ${party}, and nothing that it may ask leads there`,
        'Grant a field that returns it, or remove the clause'
      )
      continue
    }
    const keys = graph.ownership.keyFields(type)
    if (!keys.length || keys.some(key => isIn(visible, `${type}.${key}`))) continue
    const owner = graph.ownership.owner(type, keys[0] ?? '')
    found.warning(
      clause,
      `${type} is granted to ${party} without its key ${keys.join(' or ')}, so nobody can ask for one again`,
      `Let ${owner ?? 'its owner'} grant ${type}.${keys[0]}`
    )
  }
}
