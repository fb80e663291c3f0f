import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import type { Definitions } from './operation.ts'

/**
 * Whether validation can compare all fields that share a place in the answer, and all fragments that are spread there,
 * within a budget of comparisons: each pair is one, so that a field a thousand times in one place is half a million; one of
 * fields with long arguments is several. Every selection that is looked at costs one, too. Fragments must not go in a circle.
 */
export function overlapsWithin({ operations, fragments }: Definitions, budget: number): boolean {
  const walk = new Walk(fragments, budget)
  for (const { selectionSet } of operations) if (!walk.merge([selectionSet])) return false
  for (const [name, { selectionSet }] of fragments) {
    if (!walk.reached.has(name) && !walk.merge([selectionSet])) return false
  }
  return true
}

/** Characters of arguments whose comparison costs as much again: both are written anew each time. */
const CHARACTERS_PER_COMPARISON = 32

interface Place {
  fields: number
  /** Characters of the longest arguments. */
  characters: number
  readonly below: SelectionSetNode[]
}

class Walk {
  /** Fragments that some operation spreads. */
  readonly reached = new Set<string>()
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  #left: number

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, budget: number) {
    this.#fragments = fragments
    this.#left = budget
  }

  /** Looks at selection sets that stand in the same place, and at all below; false when the budget is spent. */
  merge(sets: readonly SelectionSetNode[]): boolean {
    const places = new Map<string, Place>()
    const spread = new Set<string>()
    for (const set of sets) if (!this.#collect(set, places, spread)) return false
    this.#left -= pairs(spread.size)
    for (const { fields, characters, below } of places.values()) {
      this.#left -= pairs(fields) * (1 + characters / CHARACTERS_PER_COMPARISON)
      if (this.#left < 0 || (below.length > 0 && !this.merge(below))) return false
    }
    return true
  }

  #collect(set: SelectionSetNode, places: Map<string, Place>, spread: Set<string>): boolean {
    this.#left -= set.selections.length
    if (this.#left < 0) return false
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        add(places, selection)
        continue
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragment(selection.name.value, spread)
      if (inner && !this.#collect(inner.selectionSet, places, spread)) return false
    }
    return true
  }

  /** Undefined when it stands in this place already: validation never compares a field with itself. */
  #fragment(name: string, spread: Set<string>): FragmentDefinitionNode | undefined {
    if (spread.has(name)) return undefined
    spread.add(name)
    this.reached.add(name)
    return this.#fragments.get(name)
  }
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2
}

function add(places: Map<string, Place>, field: FieldNode): void {
  const key = field.alias?.value ?? field.name.value
  const place = places.get(key) ?? { fields: 0, characters: 0, below: [] }
  places.set(key, place)
  place.fields++
  place.characters = Math.max(place.characters, charactersOf(field.arguments))
  if (field.selectionSet) place.below.push(field.selectionSet)
}

function charactersOf(given: FieldNode['arguments']): number {
  const [first, last] = [given?.[0]?.loc, given?.at(-1)?.loc]
  return first && last ? last.end - first.start : 0
}
