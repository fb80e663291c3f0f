import { compileCollect } from '../execute/fast-collect.ts'
import type { Steps } from './in-slices.ts'
import type { Path, PathStep } from './paths.ts'
import type { EntitiesStep, EntityGroup, Step } from './steps.ts'

/**
 * Which objects may hold the same part of an answer, when one entity completes several of them. What is shared is
 * fetched for, walked and merged once; but where something later reaches it through one of its places alone, it would
 * show in the others what was selected there.
 */
export type Sharing = 'anywhere' | 'within a path' | 'never'

/** Decides what may be shared, once all paths of the plan are known, and marks the later paths that lead through it. */
export function* withSharing(step: Step): Steps<Step> {
  const groups: EntityGroup[] = []
  let isContextual = false
  visitGroups(step, (group, { contextual }) => {
    groups.push(group)
    isContextual ||= contextual !== null
  })
  const places = new Places()
  for (const group of groups) {
    places.add(group)
    yield
  }
  const sharing = new Map<EntityGroup, Sharing>()
  for (const [i, group] of groups.entries()) {
    // What is told from around a row differs from place to place, and so does what it decides.
    sharing.set(group, isContextual && group.bringsObjects ? 'never' : sharingOf(group, i, places))
    yield
  }
  for (const group of groups) {
    if (sharing.get(group) === 'never' || !group.bringsObjects) continue
    for (const path of group.paths) places.bySteps(path).isShared = true
  }
  const decided = new Map<EntityGroup, EntityGroup>()
  for (const group of groups) {
    const paths = group.paths.map(path => places.marked(path))
    decided.set(group, { ...group, sharing: sharing.get(group) ?? 'never', paths, collect: paths.map(compileCollect) })
    yield
  }
  return withGroups(step, group => decided.get(group) ?? group)
}

function sharingOf(group: EntityGroup, index: number, places: Places): Sharing {
  // Values are given to each, whoever has them too.
  if (!group.bringsObjects) return 'anywhere'
  const several = group.paths.length > 1
  const passing = places.passing(group, index)
  if (several && passing.every(({ maybe }) => maybe === 0)) return 'anywhere'
  if (!passing.every(({ maybe, surely }) => maybe === surely)) return 'never'
  return several ? 'within a path' : 'anywhere'
}

/** A beginning that some paths have in common. */
class Place {
  readonly next = new Map<PathStep | string, Place>()
  /** Paths that begin like this. */
  all = 0
  /** Those of the group that was counted last. */
  own = 0
  group = -1
  /** What an entity brings here may stand in several places. */
  isShared = false
}

/**
 * A plan of thousands of paths is compared with itself, so paths are counted by what they begin with: once by their
 * fields alone, which is where another may pass through, and once by all of their steps, which is where it surely does.
 * Equal steps are one object.
 */
class Places {
  readonly #byFields = new Place()
  readonly #bySteps = new Place()

  add({ paths }: EntityGroup): void {
    const count = (place: Place) => {
      place.all++
    }
    for (const path of paths) this.#follow(path, count)
  }

  bySteps(path: Path): Place {
    let place = this.#bySteps
    for (const step of path) place = next(place, step)
    return place
  }

  /** By path of a group: how many paths of other groups begin with it. */
  passing(group: EntityGroup, index: number): readonly { readonly maybe: number; readonly surely: number }[] {
    const count = (place: Place) => {
      if (place.group !== index) place.own = 0
      place.group = index
      place.own++
    }
    const ends = group.paths.map(path => this.#follow(path, count))
    return ends.map(({ byFields, bySteps }) => ({
      maybe: byFields.all - byFields.own,
      surely: bySteps.all - bySteps.own
    }))
  }

  /** What an entity at a shared path brought stands behind the next field. */
  marked(path: Path): Path {
    let place = this.#bySteps
    let behind = place.isShared
    let marked: PathStep[] | null = null
    for (const [i, step] of path.entries()) {
      if (behind && step.kind === 'field') {
        behind = false
        marked ??= [...path]
        marked[i] = { ...step, shared: true }
      }
      place = next(place, step)
      behind ||= place.isShared
    }
    return marked ?? path
  }

  #follow(path: Path, visit: (place: Place) => void) {
    let [byFields, bySteps] = [this.#byFields, this.#bySteps]
    visit(byFields)
    visit(bySteps)
    for (const step of path) {
      bySteps = next(bySteps, step)
      visit(bySteps)
      if (step.kind !== 'field') continue
      byFields = next(byFields, step.key)
      visit(byFields)
    }
    return { byFields, bySteps }
  }
}

function next(place: Place, step: PathStep | string): Place {
  const found = place.next.get(step)
  if (found) return found
  const made = new Place()
  place.next.set(step, made)
  return made
}

function visitGroups(step: Step, visit: (group: EntityGroup, step: EntitiesStep) => void): void {
  if (step.kind === 'entities') for (const group of step.groups) visit(group, step)
  else if (step.kind !== 'fetch') for (const inner of step.steps) visitGroups(inner, visit)
}

function withGroups(step: Step, other: (group: EntityGroup) => EntityGroup): Step {
  if (step.kind === 'fetch') return step
  if (step.kind === 'entities') return { ...step, groups: step.groups.map(other) }
  return { ...step, steps: step.steps.map(inner => withGroups(inner, other)) }
}
