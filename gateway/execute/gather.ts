import type { Representer } from '../plan/representations.ts'
import type { EntityGroup } from '../plan/steps.ts'
import { Failure, fail } from './failure.ts'

type Row = Record<string, unknown>

/** The objects that a group of entities completes, and what is asked for them: equal entities are asked once. */
export interface Gathered {
  readonly representations: readonly Readonly<Row>[]
  readonly targets: readonly Row[]
  /** By target: index of its representation. */
  readonly indices: readonly number[]
  /** By path of the group: how many targets there are up to its end. */
  readonly ends: readonly number[]
}

/** Finds the objects at the group's paths and represents them; those whose key failed to come are marked as failed, too. */
export function gather(group: EntityGroup, data: Row): Gathered {
  const representations: Readonly<Row>[] = []
  const targets: Row[] = []
  const indices: number[] = []
  const ends: number[] = []
  const known = new Map<string, Represented>()
  for (const collect of group.collect) {
    let last: Represented | undefined
    for (const object of collect(data)) {
      const typename = object['__typename']
      if (typeof typename !== 'string') continue
      if (last?.typename !== typename) {
        last = known.get(typename) ?? newlyMet(typename, group)
        known.set(typename, last)
      }
      if (!last.representer) continue
      const index = represented(object, last, last.representer, group, representations)
      if (index === null) continue
      targets.push(object)
      indices.push(index)
    }
    ends.push(targets.length)
  }
  return { representations, targets, indices, ends }
}

/** Gathers rows one by one, wherever they were found. */
export class Gathering {
  readonly #group: EntityGroup
  readonly #representations: Readonly<Row>[] = []
  readonly #targets: Row[] = []
  readonly #indices: number[] = []
  readonly #known = new Map<string, Represented>()

  constructor(group: EntityGroup) {
    this.#group = group
  }

  add(object: Row): void {
    const typename = object['__typename']
    if (typeof typename !== 'string') return
    const known = this.#known.get(typename) ?? newlyMet(typename, this.#group)
    this.#known.set(typename, known)
    if (!known.representer) return
    const index = represented(object, known, known.representer, this.#group, this.#representations)
    if (index === null) return
    this.#targets.push(object)
    this.#indices.push(index)
  }

  get gathered(): Gathered {
    return {
      representations: this.#representations,
      targets: this.#targets,
      indices: this.#indices,
      ends: [this.#targets.length]
    }
  }
}

function newlyMet(typename: string, group: EntityGroup): Represented {
  return { typename, representer: group.representers(typename), byIdentity: new Map(), byText: new Map() }
}

interface Represented {
  readonly typename: string
  readonly representer: Representer | null
  /** The raw key decides which entity it is, so that most repetitions are found before anything is built. */
  readonly byIdentity: Map<unknown, { readonly index: number; readonly object: Row }>
  readonly byText: Map<string, number>
}

/** The index of the object's representation; null when there is none. */
function represented(
  object: Row,
  { byIdentity, byText }: Represented,
  representer: Representer,
  group: EntityGroup,
  representations: Readonly<Row>[]
): number | null {
  const { identity } = representer
  const first = identity === null ? undefined : byIdentity.get(object[identity])
  if (first && representer.alike(object, first.object)) return first.index

  const representation = representer.represent(object)
  if (representation === undefined) return null
  if (representation instanceof Failure) {
    fail(object, group.keys, representation.at([]))
    return null
  }
  if (identity !== null && !first) {
    const index = representations.push(representation) - 1
    byIdentity.set(object[identity], { index, object })
    return index
  }
  const text = JSON.stringify(representation)
  const index = byText.get(text) ?? representations.push(representation) - 1
  byText.set(text, index)
  return index
}
