import { Kind, parse, type SelectionSetNode } from 'graphql'

/** The selections of a field set, such as a key's. */
export function parseFieldSet(text: string): SelectionSetNode {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${text}`)
  return definition.selectionSet
}

type Meets = (typename: string, condition: string) => boolean

/** What some field sets say of one field of a type: undefined = nothing, otherwise what stands inside of it. */
export function fieldIn(
  sets: readonly SelectionSetNode[],
  typename: string,
  name: string,
  meets: Meets
): readonly SelectionSetNode[] | undefined {
  let found: SelectionSetNode[] | undefined
  for (const { selections } of sets) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== name) continue
        found ??= []
        if (selection.selectionSet) found.push(selection.selectionSet)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        if (condition !== undefined && !meets(typename, condition)) continue
        const inner = fieldIn([selection.selectionSet], typename, name, meets)
        if (inner) found = [...(found ?? []), ...inner]
      }
    }
  }
  return found
}
