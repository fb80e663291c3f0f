import { type FieldNode, Kind, type SelectionNode } from 'graphql'

/** Key of a row's scope bits in the router's data; a client's alias never becomes a data key, so it cannot be this one. */
export const MET_KEY = '__met'

export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

/** `key: name` */
export function metField(key: string, name: string): FieldNode {
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: key }, name: { kind: Kind.NAME, value: name } }
}

/** `... on type { selections }`, or nothing when there are none. */
export function typed(type: string, selections: readonly SelectionNode[]): readonly SelectionNode[] {
  if (selections.length === 0) return []
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
      selectionSet: { kind: Kind.SELECTION_SET, selections }
    }
  ]
}

/** The response key of a field. */
export function responseKeyOf(field: FieldNode): string {
  return field.alias?.value ?? field.name.value
}
