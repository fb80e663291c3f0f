import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode
} from 'graphql'

/** Every occurrence of one response key. */
export interface SelectedField {
  readonly node: FieldNode
  readonly inner: readonly SelectionSetNode[]
}

/**
 * The fields that a row of the type shows (of an interface: what is selected whatever its type), by response key in
 * the order of the document; fragments are opened. A node is one of `nulls` when all nodes of its key are.
 */
export function selectedFields(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  type: GraphQLObjectType | GraphQLInterfaceType,
  sets: readonly SelectionSetNode[],
  nulls: ReadonlySet<FieldNode>
): ReadonlyMap<string, SelectedField> {
  const fields = new Map<string, { node: FieldNode; readonly inner: SelectionSetNode[] }>()
  const applies = (condition: string | undefined): boolean => {
    if (condition === undefined || condition === type.name) return true
    const abstract = schema.getType(condition)
    return isAbstractType(abstract) && schema.isSubType(abstract, type)
  }
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        const field = fields.get(key) ?? { node: selection, inner: [] }
        fields.set(key, field)
        if (nulls.has(field.node)) field.node = selection
        if (selection.selectionSet) field.inner.push(selection.selectionSet)
        continue
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      if (fragment && applies(fragment.typeCondition?.name.value)) collect(fragment.selectionSet)
    }
  }
  for (const set of sets) collect(set)
  return fields
}
