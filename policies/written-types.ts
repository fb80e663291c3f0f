import { getNamedType, isObjectType } from 'graphql'
import type { Graph } from './graph.ts'

/** The types whose rows a mutation touches or creates: those that its payload carries, through commons wrappers (K7). */
export function writtenTypes(graph: Graph, mutation: string): readonly string[] {
  const payload = getNamedType(graph.field(graph.roots.mutation ?? '', mutation)?.type)
  const found = new Set<string>()
  const seen = new Set<string>()
  const open = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const type = graph.schema.getType(name)
    if (!isObjectType(type)) return
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type)
      if (!isObjectType(inner)) continue
      if (graph.ownership.isCommonsType(inner.name)) open(inner.name)
      else found.add(inner.name)
    }
  }
  if (payload) open(payload.name)
  return [...found]
}
