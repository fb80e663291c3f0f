import { type FragmentDefinitionNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import { FetchChooser, type Watch } from './choose-fetches.ts'
import { mergedGroups } from './merge-groups.ts'
import type { Outlooks } from './outlook.ts'
import type { PlanNode } from './plan-node.ts'
import { schedule } from './schedule.ts'
import type { SubgraphTypes } from './subgraph-types.ts'
import { type WantedField, WantedReader } from './wanted.ts'

/** Plans an operation whose conditions are resolved; undefined when there is nothing to fetch. */
export function planFetches(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  types: SubgraphTypes,
  outlooks: Outlooks,
  watch: Watch
): PlanNode | undefined {
  const root = types.schema.getRootType(operation.operation)
  if (!root) throw new Error(`the supergraph has no ${operation.operation} type`)
  const wanted = new WantedReader(types, fragments).read([operation.selectionSet])
  const fields = wanted.fields(root.name)
  const about = { types, operation: operation.operation, variables: operation.variableDefinitions ?? [] }
  const plan = (asked: readonly WantedField[]): PlanNode | undefined => {
    const chooser = new FetchChooser(types, outlooks, watch)
    const site = chooser.root(root.name)
    if (!chooser.fillSite(site, asked))
      throw new Error(`no subgraphs together have all of ${asked.map(({ name }) => name)}`)
    return schedule(mergedGroups(chooser.groups), about)
  }
  const together = plan(fields)
  if (operation.operation !== OperationTypeNode.MUTATION || together?.kind === 'Fetch') return together
  // Mutations run one after the other.
  const nodes = fields.flatMap(field => plan([field]) ?? [])
  return nodes.length > 1 ? { kind: 'Sequence', nodes } : nodes[0]
}
