import { MET_KEY } from '../plan/ast.ts'
import type { EntityGroup } from '../plan/steps.ts'
import type { Supergraph } from '../plan/supergraph.ts'
import { isRecord } from './bare.ts'
import { Failure, fail } from './failure.ts'
import type { Gathered } from './gather.ts'
import { copied, put, putMet, putTypename } from './merge.ts'

/** Completes the objects of a group with the entities that came for them, in the order in which they were asked. */
export function mergeEntities(
  entities: readonly unknown[],
  group: EntityGroup,
  { targets, indices }: Gathered,
  supergraph: Supergraph
): void {
  group.rewrite?.(entities)
  const used = group.shares ? null : new Set<number>()
  for (const [i, target] of targets.entries()) {
    const index = indices[i] ?? -1
    let entity = entities[index]
    if (entity instanceof Failure) {
      failEntity(target, group, entity)
      continue
    }
    // Not there, or not for this caller: its fields stay absent.
    if (!isRecord(entity)) continue
    if (used?.has(index)) entity = copied(entity)
    used?.add(index)
    const found = entity as Record<string, unknown>
    for (const key of group.keys) {
      const value = found[key]
      if (!(target[key] instanceof Failure)) put(target, key, value, supergraph)
      // What was made of facts that were not there is no answer, and its failure no news.
      else if (value instanceof Failure) value.settle()
    }
    if (group.bringsTypename) putTypename(target, found['__typename'], supergraph)
    if (group.bringsMet) putMet(target, found[MET_KEY])
  }
}

/** The entity is null because of one of its fields, or as a whole. */
function failEntity(target: Record<string, unknown>, group: EntityGroup, failure: Failure): void {
  const [key, ...below] = failure.below
  if (typeof key === 'string') fail(target, [key], failure.at(below))
  else fail(target, group.keys, failure)
}
