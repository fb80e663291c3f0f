import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode
} from 'graphql'
import type { Document } from '../prepare/document.ts'

/** Selections that are read for the same object types. */
export interface Scope {
  /** The type that the fields are asked of. */
  readonly type: GraphQLCompositeType
  /** The object types that a row may have here. */
  readonly members: readonly GraphQLObjectType[]
}

/** Which object types the selections of an operation are about. */
export interface Reach {
  /** What is selected of a composite type as a whole. */
  of(type: GraphQLCompositeType): Scope
  /** The part of a scope that a fragment narrows it to. */
  narrowed(fragment: InlineFragmentNode, scope: Scope): Scope
  /** A fragment in its place; null when the document does not define it. */
  open(node: Exclude<SelectionNode, FieldNode>): InlineFragmentNode | null
  /** Whether some field is asked of all types of the scope alike; `__typename` is none. */
  asksAll(set: SelectionSetNode, scope: Scope): boolean
}

/** Reads which object types each selection of a document is about. */
export function reachOf({ schema, fragments }: Pick<Document, 'schema' | 'fragments'>): Reach {
  const known = new Map<string, ReadonlySet<GraphQLObjectType>>()
  const members = (type: GraphQLCompositeType): ReadonlySet<GraphQLObjectType> => {
    const found = known.get(type.name)
    if (found) return found
    const made = new Set(isAbstractType(type) ? schema.getPossibleTypes(type) : [type])
    known.set(type.name, made)
    return made
  }
  const reach: Reach = {
    of: type => ({ type, members: [...members(type)] }),
    narrowed({ typeCondition }, scope) {
      const condition = typeCondition && schema.getType(typeCondition.name.value)
      if (!isCompositeType(condition)) return scope
      const meeting = members(condition)
      return { type: condition, members: scope.members.filter(member => meeting.has(member)) }
    },
    open(node) {
      if (node.kind === Kind.INLINE_FRAGMENT) return node
      const definition = fragments.get(node.name.value)
      if (!definition) return null
      const { typeCondition, selectionSet } = definition
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }
    },
    asksAll: (set, scope) =>
      set.selections.some(selection => {
        if (selection.kind === Kind.FIELD) return selection.name.value !== '__typename'
        const opened = reach.open(selection)
        if (!opened) return false
        const inner = reach.narrowed(opened, scope)
        return inner.members.length === scope.members.length && reach.asksAll(opened.selectionSet, inner)
      })
  }
  return reach
}
