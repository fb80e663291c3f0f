import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { limitExceeded } from '../prepare/request-error.ts'
import { Outlooks } from './fetches/outlook.ts'
import { planFetches } from './fetches/plan-fetches.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import { readSubgraphTypes } from './fetches/subgraph-types.ts'
import type { Supergraph } from './supergraph.ts'

/** Plans one operation per call. */
export interface Planner {
  /** Undefined when there is nothing to fetch. Throws RequestError OPERATION_LIMIT when planning takes too long. */
  plan(text: string): Promise<PlanNode | undefined>
}

/** A planner over a supergraph; `budget` in milliseconds. */
export function createPlanner({ schema }: Supergraph, budget: number): Planner {
  const types = readSubgraphTypes(schema)
  return {
    async plan(text) {
      const deadline = performance.now() + budget
      const watch = () => {
        if (performance.now() > deadline)
          throw limitExceeded('planning', 'The operation is too complex to plan; ask for less at once.')
      }
      let operation: OperationDefinitionNode | undefined
      const fragments = new Map<string, FragmentDefinitionNode>()
      for (const node of parse(text, { noLocation: true }).definitions) {
        if (node.kind === Kind.OPERATION_DEFINITION) operation = node
        else if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
      }
      if (!operation) throw new Error('there is no operation to plan')
      return planFetches(operation, fragments, types, new Outlooks(types), watch)
    }
  }
}
