import type {
  ConstDirectiveNode,
  GraphQLCompositeType,
  GraphQLObjectType,
  GraphQLSchema,
  SelectionSetNode
} from 'graphql'
import { stringArgument } from '../../policies/linked-names.ts'
import { contextArguments, selectionOf, settersOf } from '../plan/contexts.ts'

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
    const given = contextArguments(join).map(({ context, selection }) => ({
      types: contextDirective === null ? [] : settersOf(context, schema, contextDirective),
      selection
    }))
    return requires === null ? given : [...given, { types: [object], selection: selectionOf(requires) }]
  })
}

function applied(
  element:
    | { readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined }
    | undefined,
  name: string
): readonly ConstDirectiveNode[] {
  return element?.astNode?.directives?.filter(directive => directive.name.value === name) ?? []
}
