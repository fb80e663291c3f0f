import type { Contract } from './contract.ts'
import type { Cell, Cells, Findings } from './decision.ts'
import type { Graph } from './graph.ts'
import { isCovered } from './row-scope.ts'

/**
 * A field that is built from other departments' facts needs the grant of each, plain and on the same rows, or its owner's declassify
 * clause (semantics K5). Names what has to be withheld.
 */
export function withheldByDerivation(
  cells: Cells,
  contracts: readonly Contract[],
  party: string,
  graph: Graph,
  found: Findings
): readonly string[] {
  const declassified = new Set(
    contracts.flatMap(({ document }) =>
      (document.declassify ?? []).map(({ source, through }) => `${source} ${through}`)
    )
  )
  return [...cells].flatMap(([coordinate, cell]) => {
    const owner = graph.ownership.owner(cell.type, cell.field)
    // A department sees what it made of others' facts: they gave them to it, under a room's contract.
    if (owner === party) return []
    const missing = allSources(coordinate, graph).filter(
      source =>
        ownerOf(source, graph) !== owner &&
        !declassified.has(`${source} ${coordinate}`) &&
        !isGranted(source, cell, cells, graph, party)
    )
    for (const source of missing) {
      found.error(
        cell.grants.find(g => g.clause),
        `${coordinate} is built from ${source}, which ${party} may not see on the same rows`,
        `Let ${ownerOf(source, graph) ?? 'its owner'} grant ${source}, or sign a declassify clause that says why not (K5)`
      )
    }
    return missing.length ? [coordinate] : []
  })
}

/** All facts behind a field, however many steps away (security A11). */
export function allSources(coordinate: string, graph: Graph): readonly string[] {
  const sources = new Set<string>()
  const add = (of: string): void => {
    for (const source of graph.ownership.sources(of)) {
      if (source === coordinate || sources.has(source)) continue
      sources.add(source)
      add(source)
    }
  }
  add(coordinate)
  return [...sources]
}

function ownerOf(coordinate: string, graph: Graph): string | null {
  const [type = '', field = ''] = coordinate.split('.')
  return graph.ownership.owner(type, field)
}

function isGranted(source: string, derived: Cell, cells: Cells, graph: Graph, party: string): boolean {
  const [type = '', field = ''] = source.split('.')
  if (ownerOf(source, graph) === party || graph.ownership.isCommons(type, field)) return true
  const cell = cells.get(source)
  if (!cell || cell.mask !== null) return false
  return type !== derived.type || derived.scopes.every(scope => isCovered(scope, cell.scopes))
}
