import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import type { FieldIn, Holder, SubgraphTypes, TypeIn } from './subgraph-types.ts'
import type { Wanted, WantedField } from './wanted.ts'

/** What a way of fetching something leads to. */
export interface Outlook {
  /** How many fields cannot be had on it. */
  readonly missing: number
  /** How many further fetches it takes. */
  readonly fetches: number
  /** How many fields are to be had by those alone. */
  readonly afar: number
}

/** Rows as a subgraph has them, with what it knows of them besides. */
export interface Standing {
  readonly type: TypeIn
  readonly provided: readonly SelectionSetNode[]
}

/** Rows that can be had by so many fetches. */
interface Reached {
  readonly standing: Standing
  readonly fetches: number
}

const NOTHING: Outlook = { missing: 0, fetches: 0, afar: 0 }

/** Looks ahead: what is to be had from where, and by how many fetches. Nothing of it depends on the plan so far. */
export class Outlooks {
  readonly #types: SubgraphTypes
  readonly #known = new Map<string, Outlook>()
  readonly #distances = new Map<string, ReadonlyMap<TypeIn, number>>()
  readonly #setIds = new Map<SelectionSetNode, number>()

  constructor(types: SubgraphTypes) {
    this.#types = types
  }

  /** The field as rows have it right where they stand; undefined when it is not to be had there. */
  here({ type, provided }: Standing, name: string): { field: FieldIn; inner: readonly SelectionSetNode[] } | undefined {
    const field = type.fields.get(name)
    if (!field) return undefined
    const told = this.#types.told(provided, type.name, name)
    if (told) return { field, inner: told }
    return field.isOwn && !field.isMade ? { field, inner: [] } : undefined
  }

  /** What follows when a field is taken from where rows stand. */
  ofField(
    subgraph: string,
    { named, provides }: FieldIn,
    inner: readonly SelectionSetNode[],
    wanted: Wanted | null
  ): Outlook {
    if (!wanted) return NOTHING
    const type = this.#types.typeIn(named, subgraph)
    if (!type) return { missing: 1, fetches: 0, afar: 0 }
    return this.#of(type, provides ? [...inner, provides] : inner, wanted)
  }

  /** By how many fetches each entrance to rows of the type can be reached. */
  distances(typename: string, standings: readonly Standing[]): ReadonlyMap<TypeIn, number> {
    const identity = `${typename} ${standings.map(each => this.#identity(each)).sort()}`
    const known = this.#distances.get(identity)
    if (known) return known
    const distances = new Map<TypeIn, number>()
    // Where a key leads back to itself, it does not help.
    this.#distances.set(identity, distances)
    const reached = standings.map(standing => ({ standing, fetches: 0 }))
    for (let changed = true; changed; ) {
      changed = false
      for (const type of this.#types.entrances(typename)) {
        for (const key of type.keys) {
          const fetches = 1 + this.#fetchesOf(key, reached)
          if (fetches >= (distances.get(type) ?? Number.POSITIVE_INFINITY)) continue
          distances.set(type, fetches)
          reached.push({ standing: { type, provided: [] }, fetches })
          changed = true
        }
      }
    }
    return distances
  }

  /** By how many fetches all of a field set can be had; infinite = not at all. */
  #fetchesOf({ selections }: SelectionSetNode, reached: readonly Reached[]): number {
    let fetches = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fetches = Math.max(fetches, this.#fetchesOfField(selection, reached))
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        const meeting = reached.filter(
          ({ standing }) => condition === undefined || this.#types.meets(standing.type.name, condition)
        )
        if (meeting.length > 0) fetches = Math.max(fetches, this.#fetchesOf(selection.selectionSet, meeting))
      }
    }
    return fetches
  }

  #fetchesOfField({ name, selectionSet }: FieldNode, reached: readonly Reached[]): number {
    if (name.value === '__typename') return 0
    let least = Number.POSITIVE_INFINITY
    for (const { standing, fetches } of reached) {
      const found = this.here(standing, name.value)
      if (!found || fetches >= least) continue
      least = Math.min(least, fetches + (selectionSet ? this.#fetchesBelow(standing, found, selectionSet) : 0))
    }
    return least
  }

  #fetchesBelow(
    { type }: Standing,
    { field, inner }: { readonly field: FieldIn; readonly inner: readonly SelectionSetNode[] },
    set: SelectionSetNode
  ): number {
    const below = this.#types.typeIn(field.named, type.subgraph)
    if (!below) return Number.POSITIVE_INFINITY
    let fetches = 0
    for (const standing of this.#memberStandings(below, field.provides ? [...inner, field.provides] : inner)) {
      const reached: Reached[] = [{ standing, fetches: 0 }]
      for (const [entrance, distance] of this.distances(standing.type.name, [standing]))
        reached.push({ standing: { type: entrance, provided: [] }, fetches: distance })
      fetches = Math.max(fetches, this.#fetchesOf(set, reached))
    }
    return fetches
  }

  #memberStandings(type: TypeIn, provided: readonly SelectionSetNode[]): readonly Standing[] {
    return type.members.flatMap(name => {
      const member = this.#types.typeIn(name, type.subgraph)
      return member ? [{ type: member, provided }] : []
    })
  }

  #of(type: TypeIn, provided: readonly SelectionSetNode[], wanted: Wanted): Outlook {
    const identity = `${this.#identity({ type, provided })} ${wanted.id}`
    const known = this.#known.get(identity)
    if (known) return known
    let [missing, fetches, afar] = [0, 0, 0]
    for (const member of this.#memberStandings(type, provided)) {
      const outlook = member.type.isInterfaceObject ? this.#ofObject(member, wanted) : this.#ofRows(member, wanted)
      missing += outlook.missing
      // Rows of several types are asked for together.
      fetches = Math.max(fetches, outlook.fetches)
      afar += outlook.afar
    }
    const outlook = { missing, fetches, afar }
    this.#known.set(identity, outlook)
    return outlook
  }

  #ofRows(standing: Standing, wanted: Wanted): Outlook {
    return this.#ofFields(standing, standing.type.name, wanted.fields(standing.type.name))
  }

  /** Rows whose type is not known: it has to be asked for where it decides something. */
  #ofObject(standing: Standing, wanted: Wanted): Outlook {
    const { name } = standing.type
    const common = wanted.fields(name)
    const members = this.#types.schema.getType(name)
    const possible = members && 'getFields' in members && 'getInterfaces' in members ? this.#typesOf(name) : []
    const special = possible.flatMap(member =>
      wanted
        .fields(member)
        .filter(field => !common.some(other => other.key === field.key && other.inner === field.inner))
    )
    const outlook = this.#ofFields(standing, name, common)
    const asks = special.length > 0 || wanted.wantsType(name) || possible.some(member => wanted.wantsType(member))
    return asks ? { ...outlook, fetches: outlook.fetches + 1 + (special.length > 0 ? 1 : 0) } : outlook
  }

  #typesOf(name: string): readonly string[] {
    const type = this.#types.schema.getType(name)
    return type && 'resolveType' in type ? this.#types.schema.getPossibleTypes(type).map(member => member.name) : []
  }

  #ofFields(standing: Standing, typename: string, fields: readonly WantedField[]): Outlook {
    const went = new Set<TypeIn>()
    let [missing, fetches, afar] = [0, 0, 0]
    for (const field of fields) {
      const best = this.#ofWanted(standing, typename, field, went)
      missing += best.missing
      fetches += best.fetches
      afar += best.afar
    }
    return { missing, fetches, afar }
  }

  #ofWanted(standing: Standing, typename: string, field: WantedField, went: Set<TypeIn>): Outlook {
    const here = this.here(standing, field.name)
    let best: Outlook | null = null
    if (here) best = this.ofField(standing.type.subgraph, here.field, here.inner, field.inner)
    if (best && best.missing === 0 && best.fetches === 0) return best
    let to: TypeIn | null = null
    for (const holder of this.#types.holders(typename, field.name)) {
      const distance = this.#distance(standing, typename, holder, went)
      if (distance === undefined) continue
      const inner = this.ofField(holder.type.subgraph, holder.field, [], field.inner)
      const outlook = { missing: inner.missing, fetches: inner.fetches + distance, afar: sizeOf(field) }
      if (best && !isBetter(outlook, best)) continue
      best = outlook
      to = holder.type
    }
    if (to) went.add(to)
    return best ?? { missing: 1, fetches: 0, afar: 0 }
  }

  #distance(
    standing: Standing,
    typename: string,
    { type, field }: Holder,
    went: ReadonlySet<TypeIn>
  ): number | undefined {
    const more = field.isMade ? 1 : 0
    if (went.has(type)) return more
    if (type === standing.type) return field.isMade ? 2 : undefined
    const distance = this.distances(typename, [standing]).get(type)
    return distance === undefined ? undefined : distance + more
  }

  #identity({ type, provided }: Standing): string {
    const ids = provided.map(set => {
      const id = this.#setIds.get(set) ?? this.#setIds.size
      this.#setIds.set(set, id)
      return id
    })
    return `${type.subgraph} ${type.name} ${ids}`
  }
}

/** How much a field brings. */
export function sizeOf({ inner }: WantedField): number {
  return 1 + (inner?.size ?? 0)
}

export function isBetter(a: Outlook, b: Outlook): boolean {
  if (a.missing !== b.missing) return a.missing < b.missing
  return a.fetches === b.fetches ? a.afar < b.afar : a.fetches < b.fetches
}
