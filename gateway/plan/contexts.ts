import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  parse,
  type SelectionSetNode
} from 'graphql'
import { linkedNames, stringArgument } from '../../policies/linked-names.ts'

/** An argument that clients do not see: its value comes from an object around the field's own (`@fromContext`). */
export interface ContextArgument {
  readonly context: string
  readonly name: string
  readonly type: string
  readonly selection: SelectionSetNode
}

/** The name of `@context` in a supergraph; null when it has none. */
export function contextDirective(document: DocumentNode): string | null {
  return linkedNames(document).directive('https://specs.apollo.dev/context', 'context')
}

/** The contextual arguments of a `@join__field`. Throws Error when they cannot be read. */
export function contextArguments(join: ConstDirectiveNode): readonly ContextArgument[] {
  const value = join.arguments?.find(each => each.name.value === 'contextArguments')?.value
  if (value?.kind !== Kind.LIST) return []
  return value.values.map(each => ({
    context: textOf(each, 'context'),
    name: textOf(each, 'name'),
    type: textOf(each, 'type'),
    selection: selectionOf(textOf(each, 'selection'))
  }))
}

function textOf(value: ConstValueNode, name: string): string {
  const field = value.kind === Kind.OBJECT ? value.fields.find(each => each.name.value === name)?.value : undefined
  if (field?.kind !== Kind.STRING) throw new Error('its contextArguments cannot be read')
  return field.value
}

/** The types that set a context. */
export function settersOf(context: string, schema: GraphQLSchema, directive: string): readonly GraphQLCompositeType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLCompositeType =>
      isCompositeType(type) &&
      type.astNode?.directives?.some(
        each => each.name.value === directive && stringArgument(each, 'name') === context
      ) === true
  )
}

/** `a b { c }`, as well as `{ a }`. */
export function selectionOf(text: string): SelectionSetNode {
  const trimmed = text.trim()
  const [definition] = parse(trimmed.startsWith('{') ? trimmed : `{ ${trimmed} }`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`its selection "${text}" cannot be read`)
  return definition.selectionSet
}
