import { Kind, type SelectionSetNode } from 'graphql'
import { isBetter, type Outlook, type Outlooks, sizeOf } from './outlook.ts'
import type { Position, Site } from './places.ts'
import type { FieldIn, Holder, SubgraphTypes, TypeIn } from './subgraph-types.ts'
import type { WantedField } from './wanted.ts'

/** One way to a field. */
export interface Way {
  readonly outlook: Outlook
  /** Where rows are asked already; null when they have to be asked anew. */
  readonly position: Position | null
  readonly holder: Holder
  readonly inner: readonly SelectionSetNode[]
}

/** Finds how fields can be had. */
export class Ways {
  readonly #types: SubgraphTypes
  readonly #outlooks: Outlooks

  constructor(types: SubgraphTypes, outlooks: Outlooks) {
    this.#types = types
    this.#outlooks = outlooks
  }

  /** Every way to a field, the best one first. */
  to(site: Site, field: WantedField): readonly Way[] {
    const ways: Way[] = []
    for (const position of site.positions) {
      const here = this.#outlooks.here(position, field.name)
      if (!here || !this.#mayAsk(site, position, here.field, field)) continue
      const outlook = this.#outlooks.ofField(position.type.subgraph, here.field, here.inner, field.inner)
      ways.push({ outlook, position, holder: { type: position.type, field: here.field }, inner: here.inner })
    }
    const distances = this.#distances(site)
    for (const holder of this.#types.holders(site.type, field.name)) {
      const { type } = holder
      if (ways.some(way => way.position?.type === type) && !holder.field.isMade) continue
      const stands = site.positions.some(
        position => position.type === type && this.isFree(site, position, holder, field)
      )
      const distance = stands ? 0 : distances.get(type)
      if (distance === undefined) continue
      const inner = this.#outlooks.ofField(type.subgraph, holder.field, [], field.inner)
      const fetches = inner.fetches + (holder.field.isMade ? Math.max(distance, 1) + 1 : distance)
      const afar = stands || isRoot(this.#types, site.type) ? inner.afar : sizeOf(field)
      ways.push({ outlook: { missing: inner.missing, fetches, afar }, position: null, holder, inner: [] })
    }
    return ways.sort((a, b) => (isBetter(a.outlook, b.outlook) ? -1 : isBetter(b.outlook, a.outlook) ? 1 : 0))
  }

  /** Whether a field can be asked for where rows of a type that has it are asked already. */
  isFree(site: Site, position: Position, { field: { isMade, type } }: Holder, field: WantedField): boolean {
    if (isMade) return false
    return !position.isWide || type.kind !== Kind.NON_NULL_TYPE || site.common.has(field.key)
  }

  /** Where rows of other types are asked, too, a field that may fail for them must not take them along. */
  #mayAsk(site: Site, { isWide }: Position, { type }: FieldIn, { key }: WantedField): boolean {
    return !isWide || type.kind !== Kind.NON_NULL_TYPE || site.common.has(key)
  }

  #distances(site: Site): ReadonlyMap<TypeIn, number> {
    if (isRoot(this.#types, site.type)) return new Map(rootsOf(this.#types, site.type).map(type => [type, 1]))
    return this.#outlooks.distances(site.type, site.positions)
  }
}

/** Whether rows of the type are the root of an operation. */
export function isRoot({ schema }: SubgraphTypes, typename: string): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    type => type?.name === typename
  )
}

function rootsOf(types: SubgraphTypes, typename: string): readonly TypeIn[] {
  return types.subgraphs.flatMap(subgraph => types.typeIn(typename, subgraph) ?? [])
}
