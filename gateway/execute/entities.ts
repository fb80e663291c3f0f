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
  gathered: Gathered,
  supergraph: Supergraph
): void {
  group.rewrite?.(entities)
  const { targets } = gathered
  const { bringsTypename, bringsMet, fill } = group
  const given = giver(entities, group, gathered)
  let i = 0
  for (const target of targets) {
    const entity = given(i++)
    if (entity instanceof Failure) {
      failEntity(target, group, entity, supergraph)
      continue
    }
    // Not there, or not for this caller: its fields stay absent.
    if (!isRecord(entity)) continue
    if (!bringsTypename && !bringsMet && fill(target, entity)) continue
    for (const key of group.keys) {
      // What was made of facts that were not there is no answer, and its failure no news.
      if (!(target[key] instanceof Failure)) put(target, key, entity[key], supergraph)
    }
    if (bringsTypename) putTypename(target, entity['__typename'], supergraph)
    if (bringsMet) putMet(target, entity[MET_KEY])
  }
}

/** Gives each target its entity: the same one, or a copy where it may not be shared. */
function giver(
  entities: readonly unknown[],
  { sharing }: EntityGroup,
  { indices, ends }: Gathered
): (target: number) => unknown {
  const entityOf = (target: number) => entities[indices[target] ?? -1]
  if (sharing === 'anywhere') return entityOf
  const used = new Set<unknown>()
  const inPath = new Map<unknown, unknown>()
  let path = 0
  return target => {
    for (; target >= (ends[path] ?? Number.POSITIVE_INFINITY); path++) inPath.clear()
    const entity = entityOf(target)
    const given = sharing === 'within a path' ? inPath.get(entity) : undefined
    if (given !== undefined) return given
    const own = used.has(entity) ? copied(entity) : entity
    used.add(entity)
    inPath.set(entity, own)
    return own
  }
}

/** Marks what an entity was to bring. */
export function failTarget(
  target: Record<string, unknown>,
  { keys, bringsTypename }: EntityGroup,
  failure: Failure,
  supergraph: Supergraph
): void {
  fail(target, keys, failure)
  // Without its type nothing of the row can be shown.
  if (bringsTypename && !supergraph.isObject(String(target['__typename']))) target['__typename'] = failure
}

/** The entity is null because of one of its fields, or as a whole: then the others did not come, either. */
function failEntity(
  target: Record<string, unknown>,
  group: EntityGroup,
  failure: Failure,
  supergraph: Supergraph
): void {
  const [key, ...below] = failure.below
  if (typeof key === 'string') fail(target, [key], failure.at(below))
  failTarget(target, group, failure.at([]), supergraph)
}
