import { planDocument } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import type { Graph } from './graph.ts'
import { createOffLoop } from './off-loop.ts'

/** Plans one operation per call. */
export interface Planner extends AsyncDisposable {
  /**
   * Undefined when there is nothing to fetch. `size`: fields of the operation, about. Throws RequestError
   * OPERATION_LIMIT when planning takes too long.
   */
  plan(text: string, size: number): Promise<PlanNode | undefined>
}

/** Operations that are planned at once, in a few milliseconds; larger ones must not hold up everybody else. */
const SMALL = 200

/** A planner over a supergraph; `budget` in milliseconds. */
export function createPlanner({ types, supergraph }: Pick<Graph, 'types' | 'supergraph'>, budget: number): Planner {
  const offLoop = createOffLoop(supergraph.sdl, budget)
  return {
    async plan(text, size) {
      return size <= SMALL ? planDocument(text, types, budget) : offLoop.plan(text, size)
    },
    [Symbol.asyncDispose]: () => offLoop[Symbol.asyncDispose]()
  }
}
