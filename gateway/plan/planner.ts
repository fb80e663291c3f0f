import { planDocument } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import { readSubgraphTypes, type SubgraphTypes } from './fetches/subgraph-types.ts'
import type { Graph } from './graph.ts'
import { createOffLoop } from './off-loop.ts'
import type { LabelSet } from './override-labels.ts'

/** Plans one operation per call. */
export interface Planner extends AsyncDisposable {
  /**
   * Undefined when there is nothing to fetch. `size`: fields of the operation, about. Throws RequestError
   * OPERATION_LIMIT when planning takes too long.
   */
  plan(text: string, size: number, labels: LabelSet): Promise<PlanNode | undefined>
}

/** Operations that are planned at once, in a few milliseconds; larger ones must not hold up everybody else. */
const SMALL = 200

/** A planner over a supergraph; `budget` in milliseconds. `usual` are the labels that it is ready for from the start. */
export function createPlanner(
  { types, supergraph }: Pick<Graph, 'types' | 'supergraph'>,
  budget: number,
  usual: LabelSet
): Planner {
  const known = new Map<number, SubgraphTypes>()
  const typesOf = ({ id, labels }: LabelSet): SubgraphTypes => {
    if (labels.size === 0) return types
    const read = known.get(id) ?? readSubgraphTypes(supergraph.schema, labels)
    known.set(id, read)
    return read
  }
  typesOf(usual)
  const offLoop = createOffLoop(supergraph.sdl, budget, usual)
  return {
    async plan(text, size, labels) {
      if (size > SMALL) return offLoop.plan(text, size, labels)
      return planDocument(text, typesOf(labels), budget)
    },
    [Symbol.asyncDispose]: () => offLoop[Symbol.asyncDispose]()
  }
}
