import { type FieldNode, print } from 'graphql'

/** Gives the key under which a selected field travels between the planner, the subgraphs and the projection. */
export type DataKey = (field: FieldNode, at: 'query root' | 'other root' | 'below') => string

/**
 * No name that a client chose reaches a subgraph. The planner puts keys and `@requires` inputs beside the client's
 * fields; an alias such as `id: note` would stand in for a key and read another entity, `__typename: title` would
 * choose the type, `__met: count` the rights. So a leaf goes by its own name, and whatever has arguments or (with a
 * selection of its own, which may fail by itself) an alias goes by a key of ours. A root field keeps its own name.
 */
export function dataKeys(): DataKey {
  const given = new Map<string, string>()
  return (field, at) => {
    const name = field.name.value
    const isBare = !field.alias && !field.arguments?.length
    if (name === '__typename' || (isBare && !(name in Object.prototype))) return name
    const alias = field.alias && field.alias.value !== name ? field.alias.value : ''
    const args = (field.arguments ?? []).map(print).sort()
    // Mutations that look alike are still two.
    const apart = at === 'other root' || field.selectionSet !== undefined ? alias : ''
    const plain = apart === '' && (args.length === 0 || (at !== 'below' && alias === ''))
    if (plain && !(name in Object.prototype)) return name
    const identity = `${apart} ${name} ${args}`
    const known = given.get(identity)
    if (known !== undefined) return known
    const key = `_${given.size}_${name}`
    given.set(identity, key)
    return key
  }
}

/** The root of an operation of this kind. */
export function rootPlace(kind: string): Parameters<DataKey>[1] {
  return kind === 'query' ? 'query root' : 'other root'
}
