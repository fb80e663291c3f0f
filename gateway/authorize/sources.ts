import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  parse,
  type SelectionSetNode
} from 'graphql'
import { stringArgument } from '../../policies/linked-names.ts'

/** Facts that a subgraph is given so that it can make a field of them. */
export interface Source {
  /** The types that the facts are read from: one, or every type that sets the context. */
  readonly types: readonly GraphQLCompositeType[]
  readonly selection: SelectionSetNode
}

/** What a field of an object type is made of: its `@requires`, its `@fromContext`, and those of the interface objects that bring it. */
export function sourcesOf(
  object: GraphQLObjectType,
  name: string,
  schema: GraphQLSchema,
  contextDirective: string | null
): readonly Source[] {
  // A subgraph may know the type by its interface alone.
  const joins = [object, ...object.getInterfaces()].flatMap(owner => applied(owner.getFields()[name], 'join__field'))
  return joins.flatMap(join => {
    const requires = stringArgument(join, 'requires')
    const given = contextsOf(join).map(({ context, selection }) => ({
      types: contextDirective === null ? [] : settersOf(context, schema, contextDirective),
      selection: fieldSet(selection)
    }))
    return requires === null ? given : [...given, { types: [object], selection: fieldSet(requires) }]
  })
}

function contextsOf(join: ConstDirectiveNode): readonly { readonly context: string; readonly selection: string }[] {
  const value = join.arguments?.find(each => each.name.value === 'contextArguments')?.value
  if (value?.kind !== Kind.LIST) return []
  return value.values.map(each => ({ context: textOf(each, 'context'), selection: textOf(each, 'selection') }))
}

function textOf(value: ConstValueNode, name: string): string {
  const field = value.kind === Kind.OBJECT ? value.fields.find(each => each.name.value === name)?.value : undefined
  if (field?.kind !== Kind.STRING) throw new Error('its contextArguments cannot be read')
  return field.value
}

function settersOf(context: string, schema: GraphQLSchema, directive: string): readonly GraphQLCompositeType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLCompositeType =>
      isCompositeType(type) && applied(type, directive).some(each => stringArgument(each, 'name') === context)
  )
}

/** `a b { c }`, as well as `{ a }`. */
function fieldSet(text: string): SelectionSetNode {
  const trimmed = text.trim()
  const [definition] = parse(trimmed.startsWith('{') ? trimmed : `{ ${trimmed} }`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`its selection "${text}" cannot be read`)
  return definition.selectionSet
}

function applied(
  element:
    | { readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined }
    | undefined,
  name: string
): readonly ConstDirectiveNode[] {
  return element?.astNode?.directives?.filter(directive => directive.name.value === name) ?? []
}
