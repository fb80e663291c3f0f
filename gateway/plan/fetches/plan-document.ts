import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { limitExceeded } from '../../prepare/request-error.ts'
import { Outlooks } from './outlook.ts'
import { planFetches } from './plan-fetches.ts'
import type { PlanNode } from './plan-node.ts'
import type { SubgraphTypes } from './subgraph-types.ts'

/** Plans the one operation of a document within `budget` milliseconds. Throws RequestError OPERATION_LIMIT when they are over. */
export function planDocument(text: string, types: SubgraphTypes, budget: number): PlanNode | undefined {
  const deadline = performance.now() + budget
  const watch = () => {
    if (performance.now() > deadline) throw tooComplex()
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

/** The refusal of an operation that takes too long to plan. */
export function tooComplex(): Error {
  return limitExceeded('planning', 'The operation is too complex to plan; ask for less at once.')
}
