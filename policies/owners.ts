import { type DocumentNode, type GraphQLNamedType, Kind, parse, type SelectionSetNode, type TypeNode } from 'graphql'
import type { ScopeKey } from '../platform/scope/scope.ts'
import { type Facts, readFacts } from './facts.ts'

/** Who owns what (semantics K2), and how facts hang together (K5, K6). Coordinates are `Type.field`. */
export interface Ownership {
  /** The one department; null for commons, and for what has no single owner: nobody can grant that. */
  owner(type: string, field: string): string | null
  /** Plumbing: visible wherever it is reached. */
  isCommons(type: string, field: string): boolean
  isCommonsType(type: string): boolean
  isEntity(type: string): boolean
  /** Fields of the type's keys; empty for what is no entity. */
  keyFields(type: string): readonly string[]
  /** Keys that may limit the rows of a type; null when its rows cannot be limited. */
  scopedBy(type: string): readonly ScopeKey[] | null
  /** Coordinates of the facts that a field is built from, over `@derivedFrom` and `@requires`, one hop. */
  sources(coordinate: string): readonly string[]
  /** Coordinates from which the field could be read back. */
  correlates(coordinate: string): readonly string[]
  readonly departments: ReadonlySet<string>
}

/** Reads the ownership of a supergraph. What does not pass `checkOwnership` is owned by nobody here: fail closed. */
export function ownership(supergraph: DocumentNode): Ownership {
  return ownershipOf(readFacts(supergraph))
}

function ownershipOf(facts: Facts): Ownership {
  const field = (type: string, name: string) => facts.types.get(type)?.fields.get(name)
  const at = (coordinate: string) => {
    const [type = '', name = ''] = coordinate.split('.')
    return { type, facts: field(type, name) }
  }
  const departments = new Set(
    [...facts.types.values()].flatMap(t => [...t.owners, ...[...t.fields.values()].flatMap(f => f.owners)])
  )
  return {
    departments,
    owner: (type, name) => ownersOf(facts, type, name).at(0) ?? null,
    isCommons: (type, name) => {
      const f = field(type, name)
      if (!f || f.owners.length) return false
      return f.commons || (facts.types.get(type)?.commons ?? false)
    },
    isCommonsType: type => facts.types.get(type)?.commons ?? false,
    isEntity: type => (facts.types.get(type)?.keys.length ?? 0) > 0,
    keyFields: type => (facts.types.get(type)?.keys ?? []).flatMap(key => selectedFields(key)),
    scopedBy: type => (facts.types.get(type)?.scopedBy ?? null) as readonly ScopeKey[] | null,
    sources: coordinate => {
      const { type, facts: f } = at(coordinate)
      return f
        ? [...new Set([...f.derivedFrom, ...f.requires.flatMap(text => requiredCoordinates(facts, type, text))])]
        : []
    },
    correlates: coordinate => at(coordinate).facts?.correlates ?? []
  }
}

/** The owners of a field: its own, else its type's; one in a sound supergraph, none for commons. */
export function ownersOf(facts: Facts, type: string, field: string): readonly string[] {
  const t = facts.types.get(type)
  const f = t?.fields.get(field)
  if (!t || !f || f.commons) return []
  const owners = f.owners.length || facts.roots.has(type) ? f.owners : t.owners
  return owners.length === 1 ? owners : []
}

/** Leaf coordinates that a `@requires` selection reads (security A10–A12: each leaf, through nested selections and fragments). */
export function requiredCoordinates(facts: Facts, type: string, selection: string): readonly string[] {
  const walk = (parent: string, set: SelectionSetNode): string[] =>
    set.selections.flatMap(node => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return []
      if (node.kind === Kind.INLINE_FRAGMENT) return walk(node.typeCondition?.name.value ?? parent, node.selectionSet)
      const fact = facts.types.get(parent)?.fields.get(node.name.value)
      const own = `${parent}.${node.name.value}`
      return node.selectionSet && fact
        ? [own, ...walk(namedType(fact.node.type), node.selectionSet)]
        : node.name.value === '__typename'
          ? []
          : [own]
    })
  const definition = parse(`{${selection}}`).definitions[0]
  return definition?.kind === Kind.OPERATION_DEFINITION ? walk(type, definition.selectionSet) : []
}

function selectedFields(selection: string): readonly string[] {
  const definition = parse(`{${selection}}`).definitions[0]
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return []
  return definition.selectionSet.selections.flatMap(node => (node.kind === Kind.FIELD ? [node.name.value] : []))
}

/** The name inside lists and non-nulls. */
export function namedType(type: TypeNode): GraphQLNamedType['name'] {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}
