import { collect } from '../plan/paths.ts'
import type { EntityGroup } from '../plan/steps.ts'
import { Failure, fail } from './failure.ts'

/** The objects that a group of entities completes, and what is asked for them: equal entities are asked once. */
export interface Gathered {
  readonly representations: readonly Readonly<Record<string, unknown>>[]
  readonly targets: readonly Record<string, unknown>[]
  /** By target: index of its representation. */
  readonly indices: readonly number[]
}

/** Finds the objects at the group's paths and represents them; those whose key failed to come are marked as failed, too. */
export function gather(group: EntityGroup, data: Record<string, unknown>): Gathered {
  const representations: Readonly<Record<string, unknown>>[] = []
  const targets: Record<string, unknown>[] = []
  const indices: number[] = []
  const known = new Map<string, Map<unknown, number>>()
  for (const path of group.paths) {
    const found: Record<string, unknown>[] = []
    collect(data, path, found)
    for (const object of found) {
      const typename = object['__typename']
      const representer = typeof typename === 'string' ? group.representers(typename) : null
      if (!representer || typeof typename !== 'string') continue
      const sameType = known.get(typename) ?? new Map<unknown, number>()
      known.set(typename, sameType)
      // The raw key decides which entity it is, so that most repetitions are found before anything is built.
      let index = representer.single === null ? undefined : sameType.get(object[representer.single])
      if (index === undefined) {
        const representation = representer.represent(object)
        if (representation === undefined) continue
        if (representation instanceof Failure) {
          fail(object, group.keys, representation.at([]))
          continue
        }
        const key = representer.single === null ? JSON.stringify(representation) : object[representer.single]
        index = sameType.get(key)
        if (index === undefined) {
          index = representations.push(representation) - 1
          sameType.set(key, index)
        }
      }
      targets.push(object)
      indices.push(index)
    }
  }
  return { representations, targets, indices }
}
