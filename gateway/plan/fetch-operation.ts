import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters
} from 'graphql'
import type { SubgraphOperation } from '../../platform/executor/executor.ts'
import { MET_KEY, metField, responseKeyOf, TYPENAME, typed } from './ast.ts'
import type { Steps } from './in-slices.ts'
import { MET_FIELD, type Supergraph } from './supergraph.ts'

/** An operation of the plan, as it is sent. */
export interface FetchOperation {
  readonly operation: SubgraphOperation
  readonly definition: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** What the router adds to the planner's operations. */
export interface Additions {
  readonly supergraph: Supergraph
  /** Types whose rows say which scopes they met, because their cells depend on it. */
  readonly cells: ReadonlyMap<string, unknown>
}

/**
 * Adds to a planned operation `__typename` where a type is abstract and the scope bits where a type has cells that
 * depend on the row. Neither ever leaves the router.
 */
export function* fetchOperation(
  planned: OperationDefinitionNode,
  subgraph: string,
  additions: Additions
): Steps<FetchOperation> {
  const definition = complete(planned, subgraph, additions)
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] }
  yield
  const printed = print(document)
  yield
  return {
    operation: { kind: definition.operation, text: stripIgnoredCharacters(printed), document },
    definition,
    fragments: new Map()
  }
}

function complete(node: OperationDefinitionNode, subgraph: string, additions: Additions): OperationDefinitionNode {
  const root = additions.supergraph.schema.getRootType(node.operation)
  return root ? withSet(node, completeSet(node.selectionSet, root.name, subgraph, additions)) : node
}

function withSet<Node extends { readonly selectionSet?: SelectionSetNode | undefined }>(
  node: Node,
  selectionSet: SelectionSetNode
): Node {
  return selectionSet === node.selectionSet ? node : { ...node, selectionSet }
}

/** The selections of a field of the given type: its own, then what the type needs. */
function completeSet(
  set: SelectionSetNode,
  typename: string,
  subgraph: string,
  additions: Additions
): SelectionSetNode {
  const { supergraph, cells } = additions
  const completed = completeSelections(set, typename, subgraph, additions)
  const type = supergraph.schema.getType(typename)
  const added: SelectionNode[] = []
  if (isAbstractType(type)) {
    if (!selects(set, '__typename')) added.push(TYPENAME)
    for (const { name } of supergraph.schema.getPossibleTypes(type)) {
      if (cells.has(name) && supergraph.saysMet(name, subgraph))
        added.push(...typed(name, [metField(MET_KEY, MET_FIELD)]))
    }
  } else if (cells.has(typename) && supergraph.saysMet(typename, subgraph) && !selects(set, MET_KEY)) {
    added.push(metField(MET_KEY, MET_FIELD))
  }
  return added.length > 0 ? { ...completed, selections: [...completed.selections, ...added] } : completed
}

function completeSelections(
  set: SelectionSetNode,
  typename: string,
  subgraph: string,
  additions: Additions
): SelectionSetNode {
  const selections = set.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? typename
      return withSet(selection, completeSelections(selection.selectionSet, condition, subgraph, additions))
    }
    if (!selection.selectionSet) return selection
    if (isEntities(selection.name.value))
      return withSet(selection, completeEntities(selection.selectionSet, subgraph, additions))
    const type = additions.supergraph.schema.getType(typename)
    const inner = type && 'getFields' in type ? getNamedType(type.getFields()[selection.name.value]?.type) : undefined
    return isCompositeType(inner)
      ? withSet(selection, completeSet(selection.selectionSet, inner.name, subgraph, additions))
      : selection
  })
  return selections.every((selection, i) => selection === set.selections[i]) ? set : { ...set, selections }
}

/** Entities keep the type under which they were found; what they add is their bits. */
function completeEntities(set: SelectionSetNode, subgraph: string, additions: Additions): SelectionSetNode {
  const { cells, supergraph } = additions
  const completed = completeSelections(set, '_Entity', subgraph, additions)
  const types = new Set(
    completed.selections.flatMap(s =>
      s.kind === Kind.INLINE_FRAGMENT && s.typeCondition ? [s.typeCondition.name.value] : []
    )
  )
  const objects = [...types].flatMap(name => {
    const type = supergraph.schema.getType(name)
    return isAbstractType(type) ? supergraph.schema.getPossibleTypes(type).map(member => member.name) : [name]
  })
  const added = [...new Set(objects)]
    .filter(name => cells.has(name) && supergraph.saysMet(name, subgraph) && !asks(completed, name))
    .flatMap(name => typed(name, [metField(MET_KEY, MET_FIELD)]))
  return added.length > 0 ? { ...completed, selections: [...completed.selections, ...added] } : completed
}

/** Whether the planner asks for the type's scope bits already. */
function asks(set: SelectionSetNode, typename: string): boolean {
  return set.selections.some(
    selection =>
      selection.kind === Kind.INLINE_FRAGMENT &&
      selection.typeCondition?.name.value === typename &&
      !selection.directives?.length &&
      selects(selection.selectionSet, MET_KEY)
  )
}

function isEntities(field: string): boolean {
  return field === '_entities'
}

function selects(set: SelectionSetNode, key: string): boolean {
  return set.selections.some(selection => selection.kind === Kind.FIELD && responseKeyOf(selection) === key)
}

/** The response keys of a selection, fragments included, with the fields that they may stand for. */
export function responseKeys(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>()
  const collect = (inner: SelectionSetNode): void => {
    for (const selection of inner.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = responseKeyOf(selection)
        keys.set(key, (keys.get(key) ?? new Set<string>()).add(selection.name.value))
        continue
      }
      const source = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      if (source) collect(source.selectionSet)
    }
  }
  collect(set)
  return keys
}

/** Whether a selection, fragments included, selects anything of its objects' own objects. */
export function selectsObjects({ selections }: SelectionSetNode, fragments: FetchOperation['fragments']): boolean {
  return selections.some(selection => {
    if (selection.kind === Kind.FIELD) return selection.selectionSet !== undefined
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    return inner !== undefined && selectsObjects(inner.selectionSet, fragments)
  })
}
