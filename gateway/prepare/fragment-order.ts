import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import { refuse } from './request-error.ts'

interface Visit {
  readonly fragment: FragmentDefinitionNode
  readonly spreads: readonly string[]
  next: number
}

/**
 * A document's fragments, each after those that it spreads; found without recursion, for a chain of them may be as long as
 * the document. Throws RequestError GRAPHQL_VALIDATION_FAILED when they go in a circle.
 */
export function fragmentOrder(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
): readonly FragmentDefinitionNode[] {
  const order: FragmentDefinitionNode[] = []
  const open = new Set<string>()
  const done = new Set<string>()
  const path: Visit[] = []
  const enter = (fragment: FragmentDefinitionNode) => {
    open.add(fragment.name.value)
    path.push({ fragment, spreads: spreadsOf(fragment.selectionSet), next: 0 })
  }

  for (const [name, fragment] of fragments) {
    if (done.has(name)) continue
    enter(fragment)
    for (let visit = path.at(-1); visit; visit = path.at(-1)) {
      const spread = visit.spreads[visit.next++]
      if (spread === undefined) {
        path.pop()
        open.delete(visit.fragment.name.value)
        done.add(visit.fragment.name.value)
        order.push(visit.fragment)
        continue
      }
      if (open.has(spread)) throw circle(spread)
      const inner = done.has(spread) ? undefined : fragments.get(spread)
      if (inner) enter(inner)
    }
  }
  return order
}

function circle(name: string): Error {
  return refuse('GRAPHQL_VALIDATION_FAILED', `Cannot spread fragment "${name}" within itself.`)
}

function spreadsOf(set: SelectionSetNode, names: string[] = []): readonly string[] {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) names.push(selection.name.value)
    else if (selection.selectionSet) spreadsOf(selection.selectionSet, names)
  }
  return names
}
