import { getNamedType, isObjectType } from 'graphql'
import type { Cells, Findings } from './decision.ts'
import type { Graph } from './graph.ts'
import { hidesAtLeast } from './masks.ts'

/**
 * What could give a masked value away must be masked as much; a subscription that delivers it tells it by arriving
 * (semantics K6). Names what has to be withheld; `isVisible` tells what the party would see.
 */
export function withheldByCorrelation(
  cells: Cells,
  isVisible: (coordinate: string) => boolean,
  graph: Graph,
  found: Findings
): readonly string[] {
  const withheld = new Set<string>()
  for (const [coordinate, { mask, grants }] of cells) {
    if (mask === null || !isVisible(coordinate)) continue
    for (const other of graph.ownership.correlates(coordinate)) {
      const subscription = deliveryOf(other, isVisible, graph)
      if (subscription && !cells.get(subscription)?.grants.every(g => g.arrivalAllowed)) {
        withheld.add(subscription)
        found.error(
          cells.get(subscription)?.grants[0],
          `events of ${subscription} arrive when ${coordinate} happened, which is masked (${mask.name})`,
          'Do not grant the subscription, or let the owner sign an exception that says why (K6)'
        )
      }
      if (!isVisible(other) || withheld.has(subscription ?? '') || hidesAtLeast(cells.get(other)?.mask ?? null, mask))
        continue
      withheld.add(other)
      found.error(
        grants.find(g => g.clause),
        `${coordinate} is masked (${mask.name}), and ${other} gives it away`,
        `Grant ${other} with the same mask, or not at all (K6)`
      )
    }
  }
  return [...withheld]
}

/** The visible subscription field that delivers a coordinate's type as its event. */
function deliveryOf(coordinate: string, isVisible: (coordinate: string) => boolean, graph: Graph): string | null {
  const root = graph.schema.getSubscriptionType()
  const type = coordinate.split('.')[0]
  if (!isObjectType(root)) return null
  const field = Object.values(root.getFields()).find(
    f => getNamedType(f.type).name === type && isVisible(`${root.name}.${f.name}`)
  )
  return field ? `${root.name}.${field.name}` : null
}
