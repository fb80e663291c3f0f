import { planDocument } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import { readSubgraphTypes } from './fetches/subgraph-types.ts'
import { createOffLoop } from './off-loop.ts'
import type { Supergraph } from './supergraph.ts'

/** Plans one operation per call. */
export interface Planner extends AsyncDisposable {
  /**
   * Undefined when there is nothing to fetch. `selections` tells how large the operation is. Throws RequestError
   * OPERATION_LIMIT when planning takes too long.
   */
  plan(text: string, selections: number): Promise<PlanNode | undefined>
}

/** Operations that are planned at once, in a few milliseconds; larger ones must not hold up everybody else. */
const SMALL = 200

/** A planner over a supergraph; `budget` in milliseconds. */
export function createPlanner({ schema, sdl }: Supergraph, budget: number): Planner {
  const types = readSubgraphTypes(schema)
  const offLoop = createOffLoop(sdl, budget)
  return {
    async plan(text, selections) {
      return selections <= SMALL ? planDocument(text, types, budget) : offLoop.plan(text, selections)
    },
    [Symbol.asyncDispose]: () => offLoop[Symbol.asyncDispose]()
  }
}
