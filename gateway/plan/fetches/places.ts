import {
  type GraphQLType,
  isAbstractType,
  isListType,
  isNonNullType,
  isUnionType,
  type SelectionSetNode
} from 'graphql'
import { identityOf } from './alike.ts'
import type { Group, Selected, SelectedRows } from './group.ts'
import type { PathSegment, PlanPath } from './plan-node.ts'
import type { SubgraphTypes, TypeIn } from './subgraph-types.ts'
import type { Wanted } from './wanted.ts'

/** A place in the data where a subgraph is asked for rows. */
export interface Entry {
  readonly group: Group
  readonly type: TypeIn
  readonly rows: SelectedRows
  /** What the subgraph knows of the rows besides its own fields. */
  readonly provided: readonly SelectionSetNode[]
}

/** Where fields of rows of one type can be selected. */
export interface Position {
  readonly group: Group
  /** As which the rows are asked, or the first of their types is. */
  readonly type: TypeIn
  /** For each type as which they are asked. */
  readonly selected: readonly Selected[]
  readonly provided: readonly SelectionSetNode[]
  /** Rows of other types are asked, too, because the subgraph cannot tell them apart. */
  readonly isWide: boolean
  /** The rows stand there by themselves; elsewhere they were asked for by a key. */
  readonly isOrigin: boolean
}

/** A field of a site that is fetched. */
export interface Chosen {
  readonly groups: Set<Group>
  /** Subgraphs that are asked for it. */
  readonly subgraphs: Set<string>
  readonly place: Place | null
}

/** The rows of one type at one place, or of several that are to be had alike. */
export class Site {
  readonly place: Place
  /** Object types, or an interface of which only its objects are known. */
  readonly types: readonly string[]
  /** The first of them, which stands for the others. */
  readonly type: string
  readonly path: PlanPath
  readonly positions: Position[] = []
  /** Where fields are asked that are told something from around the rows; no other field is to be asked there. */
  readonly apart: Position[] = []
  readonly chosen = new Map<string, Chosen>()
  /** Signature → key of what is fetched. */
  readonly keys = new Map<string, string>()
  /** Fields that are wanted of rows of every type here. */
  readonly common = new Set<string>()

  constructor(place: Place, types: readonly string[]) {
    const [type = ''] = types
    this.place = place
    this.types = types
    this.type = type
    this.path =
      place.isAbstract && type !== place.type ? [...place.path, { kind: 'type', conditions: types }] : place.path
  }

  /** Groups that say which rows are of this type, and stand at all on the path that leads here. */
  typedBy(): ReadonlySet<Group> {
    const groups = new Set(this.place.site?.typedBy())
    const origins = this.positions.filter(({ isOrigin }) => isOrigin)
    if (origins.some(({ isWide }) => isWide)) {
      for (const { group, isWide } of origins) if (!isWide) groups.add(group)
    }
    return groups
  }
}

/** The value of a field: rows of one type or of several. */
export class Place {
  readonly type: string
  readonly path: PlanPath
  readonly isAbstract: boolean
  readonly entries: Entry[] = []
  readonly sites = new Map<string, Site>()
  /** What is asked of an interface, whatever the type, is not to be had of one of its types: others do not help then. */
  lacksCommon = false
  readonly #types: SubgraphTypes
  readonly #of: { readonly site: Site; readonly field: string } | null
  #sources: ReadonlyMap<string, TypeIn> | null = null

  constructor(types: SubgraphTypes, type: string, path: PlanPath, of: { site: Site; field: string } | null) {
    this.#types = types
    this.type = type
    this.path = path
    this.isAbstract = isAbstractType(types.schema.getType(type))
    this.#of = of
  }

  /**
   * Names that rows carry here. Where several subgraphs could be asked for the same rows of a union, which one is must
   * not decide what is answered: then only the members that all of them know are.
   */
  members(): readonly string[] {
    const members = new Set(this.entries.flatMap(({ type }) => type.members))
    if (isUnionType(this.#types.schema.getType(this.type))) {
      for (const source of this.sources().values()) {
        for (const member of members) if (!source.members.includes(member)) members.delete(member)
      }
    }
    return [...members]
  }

  /** Every subgraph that could be asked for what is here, on the way that led here, with the type that it has there. */
  sources(): ReadonlyMap<string, TypeIn> {
    if (this.#sources) return this.#sources
    const sources = new Map<string, TypeIn>()
    this.#sources = sources
    if (!this.#of) return sources
    const { site, field } = this.#of
    const before = site.place.sources()
    const entrances = this.#types.entrances(site.type)
    for (const holder of this.#types.holders(site.type, field)) {
      const { subgraph } = holder.type
      const isReached = site.place.isRoot || before.has(subgraph) || entrances.includes(holder.type)
      const type = isReached ? this.#types.typeIn(holder.field.named, subgraph) : undefined
      if (type) sources.set(subgraph, type)
    }
    return sources
  }

  get isRoot(): boolean {
    return this.#of === null
  }

  /** The rows that have the field. */
  get site(): Site | undefined {
    return this.#of?.site
  }

  enter(entry: Entry): void {
    this.entries.push(entry)
    for (const site of new Set(this.sites.values())) this.#position(site, entry)
  }

  at(typename: string): Site {
    return this.sites.get(typename) ?? this.#site([typename])
  }

  /** The sites of some types, those together that are to be had alike. */
  sitesOf(typenames: readonly string[], wanted: Wanted): readonly Site[] {
    const alike = new Map<string, string[]>()
    for (const name of typenames) {
      const identity = this.sites.has(name) || !this.#mayJoin() ? name : this.#identity(name, wanted)
      const others = alike.get(identity)
      if (others) others.push(name)
      else alike.set(identity, [name])
    }
    return [...new Set([...alike.values()].map(names => this.sites.get(names[0] ?? '') ?? this.#site(names)))]
  }

  /** Something may be selected of each type by itself already, where what leads here is asked for in several ways. */
  #mayJoin(): boolean {
    return this.entries.every(({ rows, provided }) => provided.length === 0 && rows.byType.size === 0)
  }

  #identity(name: string, wanted: Wanted): string {
    const known = [...this.entries.map(({ type }) => type), ...this.sources().values()]
    return `${known.map(type => type.members.includes(name))} ${identityOf(this.#types, name, wanted)}`
  }

  #site(names: readonly string[]): Site {
    const site = new Site(this, names)
    for (const name of names) this.sites.set(name, site)
    for (const entry of this.entries) this.#position(site, entry)
    return site
  }

  /** A row of the site's type stands in the entry under its own type, or under an interface that is known as an object. */
  #position(site: Site, { group, type, rows, provided }: Entry): void {
    const member = type.members.includes(site.type)
      ? site.type
      : type.members.find(
          name => this.#types.typeIn(name, type.subgraph)?.isInterfaceObject && this.#types.meets(site.type, name)
        )
    const here = member === undefined ? undefined : this.#types.typeIn(member, type.subgraph)
    if (member === undefined || !here) return
    const isWide = member !== site.type
    const selected = isWide ? [rows.of(member)] : site.types.map(name => rows.of(name))
    site.positions.push({ group, type: here, selected, provided, isWide, isOrigin: true })
  }
}

/** The path to what stands under a key of a site's rows. */
export function pathTo(site: Site, key: string, type: GraphQLType): PlanPath {
  const path: PathSegment[] = [...site.path, { kind: 'field', key }]
  for (let i = 0; i < depthOf(type); i++) path.push({ kind: 'list' })
  return path
}

function depthOf(type: GraphQLType): number {
  if (isNonNullType(type)) return depthOf(type.ofType)
  return isListType(type) ? 1 + depthOf(type.ofType) : 0
}
