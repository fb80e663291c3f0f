import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import type { Document } from '../prepare/document.ts'

/** The root's fields with fragments opened: only there the router answers some itself, and runs mutations one by one. */
export function rootFields({ operation, fragments }: Pick<Document, 'operation' | 'fragments'>): readonly FieldNode[] {
  const open = (set: SelectionSetNode): readonly FieldNode[] =>
    set.selections.flatMap(selection => {
      if (selection.kind === Kind.FIELD) return [selection]
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      return inner ? open(inner.selectionSet) : []
    })
  return open(operation.selectionSet)
}

/** True for `__schema` and `__type`, which the view's schema answers. */
export function isIntrospection(field: FieldNode): boolean {
  return field.name.value === '__schema' || field.name.value === '__type'
}
