import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse
} from 'graphql'
import { stringArgument, trueArgument } from '../../policies/linked-names.ts'
import { type DeclaredRules, declaredRules } from '../authorize/declared.ts'
import { refuseUnknownFeatures } from '../authorize/security-names.ts'
import { atOnce } from './in-slices.ts'

/** The hidden field with which a row says which scopes it met (semantics K4). */
export const MET_FIELD = 'metScopes'

/** The composed schema as the planner sees it, with what only the router knows of it. */
export interface Supergraph {
  readonly sdl: string
  /** Everything, also what is inaccessible. */
  readonly schema: GraphQLSchema
  /** Whether Federation's own rules decide who may see what: then it is run only under views that they have decided. */
  readonly hasAccessRules: boolean
  /** Whether an object of type `typename` is selected by `... on condition`. */
  satisfies(typename: string, condition: string): boolean
  isObject(typename: string): boolean
  /** Whether some subgraph knows the interface as an object and cannot say which type a row has. */
  isInterfaceObject(typename: string): boolean
  isIn(typename: string, subgraph: string): boolean
  /** Whether rows of the type say which scopes they met: in `subgraph`, or in any. */
  saysMet(typename: string, subgraph?: string): boolean
  /** Fields of the type's keys in a subgraph, and which of them are a key by themselves. */
  keys(
    typename: string,
    subgraph: string
  ): { readonly fields: ReadonlySet<string>; readonly single: ReadonlySet<string> }
  /** The facts of which a subgraph makes a field (`@requires`). */
  requires(typename: string, field: string, subgraph: string): ReadonlySet<string>
}

/** Reads a Federation 2 supergraph. Throws RuleError when it is built on specs that this router does not keep. */
export function readSupergraph(
  sdl: string,
  document: DocumentNode = parse(sdl, { noLocation: true }),
  declared: DeclaredRules | null = atOnce(declaredRules(document))
): Supergraph {
  refuseUnknownFeatures(document)
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })
  const names = graphNames(schema)
  const inSubgraph = (directive: ConstDirectiveNode, subgraph: string | undefined) => {
    const graph = stringArgument(directive, 'graph')
    return graph !== null && (subgraph === undefined || names.get(graph) === subgraph)
  }

  const saysMet = (typename: string, subgraph?: string): boolean => {
    const type = schema.getType(typename)
    const field = isObjectType(type) ? type.getFields()[MET_FIELD] : undefined
    if (!field) return false
    const joins = applied(field, 'join__field')
    if (joins.length === 0) return applied(type, 'join__type').some(join => inSubgraph(join, subgraph))
    return joins.some(join => inSubgraph(join, subgraph) && !trueArgument(join, 'external'))
  }

  return {
    sdl,
    schema,
    hasAccessRules: declared !== null,
    satisfies(typename, condition) {
      if (typename === condition) return true
      const type = schema.getType(typename)
      const abstract = schema.getType(condition)
      if (!isAbstractType(abstract)) return false
      return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type)
    },
    isObject: typename => isObjectType(schema.getType(typename)),
    isInterfaceObject: typename =>
      applied(schema.getType(typename), 'join__type').some(join => trueArgument(join, 'isInterfaceObject')),
    isIn: (typename, subgraph) =>
      applied(schema.getType(typename), 'join__type').some(join => inSubgraph(join, subgraph)),
    saysMet,
    keys(typename, subgraph) {
      const joins = applied(schema.getType(typename), 'join__type').filter(join => inSubgraph(join, subgraph))
      const keys = joins.map(join => topFields(stringArgument(join, 'key')))
      return { fields: new Set(keys.flat()), single: new Set(keys.flatMap(key => (key.length === 1 ? key : []))) }
    },
    requires(typename, field, subgraph) {
      const type = schema.getType(typename)
      // A subgraph may know the type by its interface alone.
      const owners = isObjectType(type) ? [type, ...type.getInterfaces()] : []
      const joins = owners.flatMap(owner => applied(owner.getFields()[field], 'join__field'))
      return new Set(
        joins.flatMap(join => (inSubgraph(join, subgraph) ? topFields(stringArgument(join, 'requires')) : []))
      )
    }
  }
}

interface Annotated {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

function applied(element: Annotated | undefined, name: string): readonly ConstDirectiveNode[] {
  return element?.astNode?.directives?.filter(directive => directive.name.value === name) ?? []
}

/** The outermost fields of a field set. */
function topFields(fieldSet: string | null): readonly string[] {
  if (!fieldSet) return []
  const [definition] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions
  const selections = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []
  return selections.flatMap(selection => (selection.kind === Kind.FIELD ? [selection.name.value] : []))
}

/** `join__Graph` value → the subgraph's own name. */
function graphNames(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const type = schema.getType('join__Graph')
  const values = type && 'getValues' in type ? type.getValues() : []
  return new Map(
    values.map(value => {
      const [graph] = applied(value, 'join__graph')
      return [value.name, (graph && stringArgument(graph, 'name')) ?? value.name]
    })
  )
}
