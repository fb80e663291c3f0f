import { type PlanNode, QueryPlanner } from '@graphql-hive/router-query-planner'
import { Kind, parse, print, visit } from 'graphql'
import { linkedNames } from '../../policies/linked-names.ts'
import { limitExceeded } from '../prepare/request-error.ts'
import { MET_FIELD } from './supergraph.ts'

/** Plans one operation per call, off the event loop. */
export interface Planner {
  /** Undefined when there is nothing to fetch. Throws RequestError OPERATION_LIMIT when planning takes too long. */
  plan(text: string): Promise<PlanNode | undefined>
}

/** A planner over a supergraph; `budget` in milliseconds. */
export function createPlanner(supergraphSdl: string, budget: number): Planner {
  const planner = new QueryPlanner(withScopeBits(supergraphSdl))
  return {
    async plan(text) {
      const signal = AbortSignal.timeout(budget)
      try {
        const { node } = await planner.planAsync(text, null, new Set(), 0, signal)
        return node
      } catch (thrown) {
        if (signal.aborted) throw limitExceeded('The operation is too complex to plan; ask for less at once.')
        throw new Error('the planner failed', { cause: thrown })
      }
    }
  }
}

/** The scope bits are hidden from every client, and the router itself must be able to ask for them. */
function withScopeBits(supergraphSdl: string): string {
  if (!supergraphSdl.includes(MET_FIELD)) return supergraphSdl
  const document = parse(supergraphSdl, { noLocation: true })
  const inaccessible = linkedNames(document).directive('https://specs.apollo.dev/inaccessible', 'inaccessible')
  return print(
    visit(document, {
      [Kind.FIELD_DEFINITION]: node =>
        node.name.value === MET_FIELD
          ? { ...node, directives: node.directives?.filter(directive => directive.name.value !== inaccessible) }
          : undefined
    })
  )
}
