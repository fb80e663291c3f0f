import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
  type VariableNode,
  visit
} from 'graphql'
import type { Document } from '../prepare/document.ts'
import { limitExceeded, refuse } from '../prepare/request-error.ts'
import { MET_KEY, metField, TYPENAME, typed } from './ast.ts'
import { type DataKey, rootPlace } from './data-keys.ts'
import { MET_FIELD, type Supergraph } from './supergraph.ts'

export interface PlannerWriter {
  root(field: FieldNode): SelectionNode
  variables(definitions: readonly VariableDefinitionNode[]): readonly VariableDefinitionNode[]
  /** Fields that were written, and what it takes besides to plan for many types at one place. */
  size(): number
  /** The fragments that the written selections spread. */
  fragments(): readonly FragmentDefinitionNode[]
}

/** Spelling out hidden types multiplies selections. */
const MAX_FIELDS = 20_000
/** Object types of an abstract one that take about as long to plan as a field. */
const TYPES_PER_FIELD = 8

/**
 * Writes an operation for the planner: data keys for aliases, variables under safe names, `__typename` wherever the
 * type decides what is shown, scope bits where cells depend on them, and abstract types spelled out where some of
 * their members are hidden, so that nothing of a hidden type is fetched.
 */
export function plannerWriter(
  { view, schema, operation, fragments }: Document,
  supergraph: Supergraph,
  dataKey: DataKey,
  renamed: ReadonlyMap<string, string>
): PlannerWriter {
  const masked = new Set([...view.masks.keys()].map(coordinate => coordinate.slice(0, coordinate.indexOf('.'))))
  const written = new Map<string, FragmentDefinitionNode | null>()
  let fieldsLeft = MAX_FIELDS
  let types = 0

  const inPlannersWords = <Node extends FieldNode | DirectiveNode | VariableDefinitionNode>(node: Node): Node =>
    visit(node, {
      Variable: (variable): VariableNode | undefined => {
        const name = renamed.get(variable.name.value)
        return name === undefined ? undefined : { ...variable, name: { kind: Kind.NAME, value: name } }
      }
    })
  const members = (type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  const hides = (type: GraphQLCompositeType): boolean => {
    const whole = supergraph.schema.getType(type.name)
    if (!isAbstractType(type) || !isAbstractType(whole)) return false
    return supergraph.schema.getPossibleTypes(whole).length > members(type).length
  }

  const field = (
    node: FieldNode,
    parent: GraphQLObjectType | GraphQLInterfaceType,
    place: Parameters<DataKey>[1]
  ): SelectionNode => {
    if (--fieldsLeft < 0) throw limitExceeded('planning', 'The operation spans too many types; ask for less at once.')
    const name = node.name.value
    if (name === '__typename') return TYPENAME
    const key = dataKey(node, place)
    const definition = parent.getFields()[name]
    if (!definition)
      throw refuse('GRAPHQL_VALIDATION_FAILED', `"${name}" can be asked at the root of the operation only.`)
    const type = getNamedType(definition.type)
    const selectionSet = node.selectionSet && isCompositeType(type) ? composite(node.selectionSet, type) : undefined
    return {
      kind: Kind.FIELD,
      name: node.name,
      ...(key !== name && { alias: { kind: Kind.NAME, value: key } }),
      ...(node.arguments?.length && {
        arguments: inPlannersWords({ kind: Kind.FIELD, name: node.name, arguments: node.arguments }).arguments
      }),
      ...(selectionSet && { selectionSet })
    }
  }

  const composite = (set: SelectionSetNode, type: GraphQLCompositeType): SelectionSetNode => {
    const hidden = hides(type)
    if (isAbstractType(type)) types += members(type).length
    const selections = [
      ...(hidden
        ? opened(set, type, members(type))
        : supergraph.isInterfaceObject(type.name)
          ? opened(set, type, null)
          : inner(set, type))
    ]
    const decides = hidden || members(type).some(({ name }) => masked.has(name) || view.cells.has(name))
    if (isAbstractType(type) && decides) selections.push(TYPENAME)
    for (const { name } of members(type)) {
      if (!view.cells.has(name) || !supergraph.saysMet(name)) continue
      selections.push(
        ...(isObjectType(type) ? [metField(MET_KEY, MET_FIELD)] : typed(name, [metField(MET_KEY, MET_FIELD)]))
      )
    }
    return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] }
  }

  const inner = (set: SelectionSetNode, type: GraphQLCompositeType): readonly SelectionNode[] =>
    set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FIELD) return 'getFields' in type ? field(selection, type, 'below') : TYPENAME
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        fragment(selection.name.value)
        return selection
      }
      const selections = inner(selection.selectionSet, conditionOf(selection.typeCondition?.name.value, type))
      return { ...selection, selectionSet: { kind: Kind.SELECTION_SET, selections } }
    })

  const conditionOf = (name: string | undefined, outer: GraphQLCompositeType): GraphQLCompositeType => {
    const type = name === undefined ? outer : schema.getType(name)
    return isCompositeType(type) ? type : outer
  }

  const fragment = (name: string): void => {
    const definition = fragments.get(name)
    const type = schema.getType(definition?.typeCondition.name.value ?? '')
    if (!definition || !isCompositeType(type) || written.has(name)) return
    written.set(name, null)
    const selections = inner(definition.selectionSet, type)
    written.set(name, { ...definition, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections } })
  }

  /**
   * The same selections with their fragments opened, each field under the object types that it is narrowed to: what
   * is hidden is then not asked for, and the planner, which loses its way among nested conditions on an interface
   * object, is given one at a time.
   */
  const opened = (
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    narrowed: readonly GraphQLObjectType[] | null
  ): readonly SelectionNode[] =>
    set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) {
        if (narrowed) return narrowed.flatMap(member => typed(member.name, [field(selection, member, 'below')]))
        return ['getFields' in type ? field(selection, type, 'below') : TYPENAME]
      }
      const source = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      if (!source) return []
      const condition = conditionOf(source.typeCondition?.name.value, type)
      const meeting = (narrowed ?? members(type)).filter(member => members(condition).includes(member))
      return opened(source.selectionSet, condition, narrowed === null && condition === type ? null : meeting)
    })

  const rootType = schema.getRootType(operation.operation)
  return {
    root(node) {
      if (!rootType) throw new Error(`the view has no ${operation.operation} type`)
      return field(node, rootType, rootPlace(operation.operation))
    },
    size: () => MAX_FIELDS - fieldsLeft + types / TYPES_PER_FIELD,
    variables: definitions => definitions.map(definition => ({ ...inPlannersWords(definition), directives: [] })),
    fragments: () => [...written.values()].flatMap(definition => (definition ? [definition] : []))
  }
}
