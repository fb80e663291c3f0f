import { Kind, type SelectionSetNode } from 'graphql'
import type { SubgraphTypes } from './subgraph-types.ts'
import type { Wanted } from './wanted.ts'

/**
 * Says of types what decides how the wanted fields of their rows are fetched: those of which it says the same are
 * planned as one, so that an interface of a hundred types costs no more than one of them.
 */
export function identityOf(types: SubgraphTypes, typename: string, wanted: Wanted): string {
  if (types.setsContext(typename)) return typename
  const fields = wanted.fields(typename)
  const said = fields.map(({ key, signature, inner }) => `${key} ${signature} ${inner?.id ?? ''}`)
  const names = new Set(fields.map(({ name }) => name))
  const seen = types.seenAs(typename)
  for (const type of seen) {
    for (const key of type.keys) if (!addNames(key, names)) return typename
    said.push(`${type.subgraph} ${type.isInterfaceObject ? type.name : ''} ${type.keysIdentity}`)
  }
  // What is required of a field may require more: the set grows while it is walked.
  for (const name of names) {
    for (const type of seen) {
      const field = type.fields.get(name)
      if (field?.requires && !addNames(field.requires, names)) return typename
      said.push(field ? `${type.subgraph} ${name} ${field.identity}` : '')
    }
  }
  return said.join('\n')
}

/** False when it depends on the type what is named. */
function addNames({ selections }: SelectionSetNode, names: Set<string>): boolean {
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) return false
    names.add(selection.name.value)
  }
  return true
}
