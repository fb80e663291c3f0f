import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
  specifiedScalarTypes,
  type TypeNode,
  visit
} from 'graphql'
import { CONTRACT_IDENTITY } from './facts.ts'
import { linkedNames } from './linked-names.ts'

const INACCESSIBLE = 'https://specs.apollo.dev/inaccessible'
const BUILT_IN = specifiedScalarTypes.map(type => type.name)

/** The supergraph as clients could see it at most: no federation machinery, nothing inaccessible; descriptions and our directives stay. */
export function apiDocument(supergraph: DocumentNode): DocumentNode {
  const names = linkedNames(supergraph)
  const inaccessible = names.directive(INACCESSIBLE, 'inaccessible')
  const foreign = (name: string) =>
    name === 'link' || name.startsWith('link__') || names.isForeign(name, CONTRACT_IDENTITY)
  const hide = (node: {
    readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined
  }) => (node.directives?.some(d => d.name.value === inaccessible) ? null : undefined)
  const hideType = (node: Parameters<typeof hide>[0] & { readonly name: { readonly value: string } }) =>
    foreign(node.name.value) ? null : hide(node)
  const stripped = visit(supergraph, {
    Directive: node => (foreign(node.name.value) ? null : undefined),
    DirectiveDefinition: node => (foreign(node.name.value) ? null : undefined),
    ScalarTypeDefinition: hideType,
    ObjectTypeDefinition: hideType,
    InterfaceTypeDefinition: hideType,
    UnionTypeDefinition: hideType,
    EnumTypeDefinition: hideType,
    InputObjectTypeDefinition: hideType,
    FieldDefinition: hide,
    InputValueDefinition: hide,
    EnumValueDefinition: hide
  })
  return withoutDangling(stripped)
}

/** The public schema of a supergraph; `astNode`s carry our directives. */
export function apiSchema(supergraph: DocumentNode): GraphQLSchema {
  return buildASTSchema(apiDocument(supergraph), { assumeValidSDL: true })
}

/** The same from SDL to SDL. */
export function apiSchemaSdl(supergraphSdl: string): string {
  return print(apiDocument(parse(supergraphSdl)))
}

/** What stands on a hidden type is hidden with it, again and again until nothing dangles. */
function withoutDangling(document: DocumentNode): DocumentNode {
  const kept = document.definitions.filter(definition => !isEmpty(definition))
  const defined = new Set([...BUILT_IN, ...kept.flatMap(d => ('name' in d && d.name ? [d.name.value] : []))])
  const dangles = (type: TypeNode): boolean =>
    type.kind === Kind.NAMED_TYPE ? !defined.has(type.name.value) : dangles(type.type)
  const input = (node: InputValueDefinitionNode) => (dangles(node.type) ? null : undefined)
  const next = visit(
    { ...document, definitions: kept },
    {
      FieldDefinition: node => (dangles(node.type) ? null : undefined),
      InputValueDefinition: input,
      // Members of unions, implemented interfaces and root operations.
      NamedType: (node, _key, parent) => (Array.isArray(parent) && !defined.has(node.name.value) ? null : undefined),
      OperationTypeDefinition: node => (dangles(node.type) ? null : undefined)
    }
  )
  return next.definitions.length === document.definitions.length &&
    next.definitions.every((d, i) => d === document.definitions[i])
    ? next
    : withoutDangling(next)
}

function isEmpty(node: DefinitionNode): boolean {
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return !node.fields?.length
    case Kind.UNION_TYPE_DEFINITION:
      return !node.types?.length
    case Kind.ENUM_TYPE_DEFINITION:
      return !node.values?.length
    default:
      return false
  }
}
