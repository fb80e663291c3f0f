import {
  type ASTVisitor,
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
  const steps = apiDocumentSteps(supergraph)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same in steps, since a supergraph may be megabytes. */
export function* apiDocumentSteps(supergraph: DocumentNode): Generator<void, DocumentNode> {
  const names = linkedNames(supergraph)
  const inaccessible = names.directive(INACCESSIBLE, 'inaccessible')
  const foreign = (name: string) =>
    name === 'link' || name.startsWith('link__') || names.isForeign(name, CONTRACT_IDENTITY)
  const hide = (node: {
    readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined
  }) => (node.directives?.some(d => d.name.value === inaccessible) ? null : undefined)
  const hideType = (node: Parameters<typeof hide>[0] & { readonly name: { readonly value: string } }) =>
    foreign(node.name.value) ? null : hide(node)
  const stripped = yield* visited(supergraph.definitions, {
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
  return yield* withoutDangling(stripped)
}

/** Definitions that are looked at in one step. */
const AT_ONCE = 50

function* visited(
  definitions: readonly DefinitionNode[],
  visitor: ASTVisitor
): Generator<void, readonly DefinitionNode[]> {
  const left: DefinitionNode[] = []
  for (let i = 0; i < definitions.length; i += AT_ONCE) {
    const part: DocumentNode = { kind: Kind.DOCUMENT, definitions: definitions.slice(i, i + AT_ONCE) }
    left.push(...visit(part, visitor).definitions)
    yield
  }
  return left
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
function* withoutDangling(definitions: readonly DefinitionNode[]): Generator<void, DocumentNode> {
  const kept = definitions.filter(definition => !isEmpty(definition))
  const defined = new Set([...BUILT_IN, ...kept.flatMap(d => ('name' in d && d.name ? [d.name.value] : []))])
  const dangles = (type: TypeNode): boolean =>
    type.kind === Kind.NAMED_TYPE ? !defined.has(type.name.value) : dangles(type.type)
  const input = (node: InputValueDefinitionNode) => (dangles(node.type) ? null : undefined)
  const next = yield* visited(kept, {
    FieldDefinition: node => (dangles(node.type) ? null : undefined),
    InputValueDefinition: input,
    // Members of unions, implemented interfaces and root operations.
    NamedType: (node, _key, parent) => (Array.isArray(parent) && !defined.has(node.name.value) ? null : undefined),
    OperationTypeDefinition: node => (dangles(node.type) ? null : undefined)
  })
  return next.length === definitions.length && next.every((d, i) => d === definitions[i])
    ? { kind: Kind.DOCUMENT, definitions: next }
    : yield* withoutDangling(next)
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
