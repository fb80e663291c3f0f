import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode
} from 'graphql'
import { type LinkedNames, linkedNames, stringArgument, stringsArgument, trueArgument } from './linked-names.ts'

/** Identity of the directives by which departments mark what they own; what a `@link` URL has before its version. */
export const CONTRACT_IDENTITY = 'https://oaas-gateway.example/contracts'
const JOIN = 'https://specs.apollo.dev/join'
const INACCESSIBLE = 'https://specs.apollo.dev/inaccessible'

/** What the supergraph declares about one field. */
export interface FieldFacts {
  readonly node: FieldDefinitionNode
  readonly owners: readonly string[]
  readonly commons: boolean
  readonly inaccessible: boolean
  readonly derivedFrom: readonly string[]
  readonly correlates: readonly string[]
  /** Graphs that resolve it; null = every graph of its type. */
  readonly graphs: readonly string[] | null
  /** Selections of `@requires`, on the type itself. */
  readonly requires: readonly string[]
}

/** What the supergraph declares about one object or interface type. */
export interface TypeFacts {
  readonly node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
  readonly owners: readonly string[]
  readonly commons: boolean
  readonly inaccessible: boolean
  /** Null when its rows cannot be limited. */
  readonly scopedBy: readonly string[] | null
  /** Selections of `@key`; empty for what is not an entity. */
  readonly keys: readonly string[]
  readonly fields: ReadonlyMap<string, FieldFacts>
}

export interface Facts {
  /** False when the supergraph does not link our directives: then nothing is owned. */
  readonly linked: boolean
  readonly types: ReadonlyMap<string, TypeFacts>
  readonly roots: ReadonlySet<string>
}

/** Reads what a supergraph declares, as it stands; checks nothing. */
export function readFacts(supergraph: DocumentNode): Facts {
  const names = linkedNames(supergraph)
  const own = (name: string) => names.directive(CONTRACT_IDENTITY, name)
  const types = new Map<string, TypeFacts>()
  const roots = new Set(['Query', 'Mutation', 'Subscription'])
  for (const node of supergraph.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION) {
      roots.clear()
      for (const operation of node.operationTypes) roots.add(operation.type.name.value)
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    types.set(node.name.value, typeFacts(node, names))
  }
  return { linked: own('owner') !== null, types, roots }
}

function typeFacts(node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode, names: LinkedNames): TypeFacts {
  const applied = appliedTo(node, names)
  const scoped = applied(CONTRACT_IDENTITY, 'scoped')
  return {
    node,
    owners: departments(applied(CONTRACT_IDENTITY, 'owner')),
    commons: applied(CONTRACT_IDENTITY, 'commons').length > 0,
    inaccessible: applied(INACCESSIBLE, 'inaccessible').length > 0,
    scopedBy: scoped.length ? [...new Set(scoped.flatMap(d => stringsArgument(d, 'by')))] : null,
    keys: [...new Set(applied(JOIN, 'type').flatMap(d => stringArgument(d, 'key') ?? []))],
    fields: new Map((node.fields ?? []).map(field => [field.name.value, fieldFacts(field, names)]))
  }
}

function fieldFacts(node: FieldDefinitionNode, names: LinkedNames): FieldFacts {
  const applied = appliedTo(node, names)
  const joins = applied(JOIN, 'field')
  const resolving = joins.filter(d => !trueArgument(d, 'external'))
  return {
    node,
    owners: departments(applied(CONTRACT_IDENTITY, 'owner')),
    commons: applied(CONTRACT_IDENTITY, 'commons').length > 0,
    inaccessible: applied(INACCESSIBLE, 'inaccessible').length > 0,
    derivedFrom: applied(CONTRACT_IDENTITY, 'derivedFrom').flatMap(d => stringsArgument(d, 'fields')),
    correlates: applied(CONTRACT_IDENTITY, 'correlates').flatMap(d => stringsArgument(d, 'with')),
    graphs: joins.length ? resolving.flatMap(d => stringArgument(d, 'graph') ?? []) : null,
    requires: joins.flatMap(d => stringArgument(d, 'requires') ?? [])
  }
}

function appliedTo(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }, names: LinkedNames) {
  return (identity: string, name: string): readonly ConstDirectiveNode[] => {
    const local = names.directive(identity, name)
    return local === null ? [] : (node.directives ?? []).filter(d => d.name.value === local)
  }
}

function departments(owners: readonly ConstDirectiveNode[]): readonly string[] {
  return [...new Set(owners.flatMap(d => stringArgument(d, 'department') ?? []))]
}
