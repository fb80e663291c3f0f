import { type FieldNode, getNamedType, isAbstractType, Kind, type SelectionSetNode } from 'graphql'
import { Group, SelectedRows } from './group.ts'
import type { Outlooks } from './outlook.ts'
import { type Chosen, Place, type Position, pathTo, type Site } from './places.ts'
import type { ContextualVariable, Requirement } from './plan-node.ts'
import type { SubgraphTypes, TypeIn } from './subgraph-types.ts'
import { type Required, type Surroundings, SurroundingsReader, tell } from './told.ts'
import { signatureOf, type Wanted, type WantedField } from './wanted.ts'
import { isRoot, type Way, Ways } from './ways.ts'

/** Stops the planning of an operation that takes too long: throws. */
export type Watch = () => void

/** Decides where each field is fetched. */
export class FetchChooser {
  readonly groups: Group[] = []
  readonly #types: SubgraphTypes
  readonly #outlooks: Outlooks
  readonly #ways: Ways
  readonly #watch: Watch
  readonly #surroundings: SurroundingsReader
  /** Sites' fields and entrances that are being looked for: none can be a part of itself. */
  readonly #looking = new Map<Site, Set<unknown>>()
  readonly #ownKeys = new Map<string, string>()

  constructor(types: SubgraphTypes, outlooks: Outlooks, watch: Watch) {
    this.#types = types
    this.#outlooks = outlooks
    this.#ways = new Ways(types, outlooks)
    this.#watch = watch
    this.#surroundings = new SurroundingsReader(types, (site, { selection }) => this.#require(site, selection))
  }

  /** The root of an operation; its fields are fetched as its `fill` asks. */
  root(typename: string): Site {
    return new Place(this.#types, typename, [], null).at(typename)
  }

  /** Fetches fields of a site; false when one of them cannot be had. */
  fillSite(site: Site, fields: readonly WantedField[]): boolean {
    let complete = true
    const rest: WantedField[] = []
    for (const field of fields) {
      const ways = site.chosen.has(field.key) ? [] : this.#ways.to(site, field)
      const first = ways[0]
      // What there is no choice about decides where the rest goes.
      if (first && !first.position && (ways.length > 1 || first.holder.field.isMade)) rest.push(field)
      else complete = this.#fillField(site, field) && complete
    }
    while (rest.length > 0) {
      const [field] = rest.splice(this.#easiest(site, rest), 1)
      if (field) complete = this.#fillField(site, field) && complete
    }
    return complete
  }

  /** Something that is to be had where rows are asked already; otherwise what helps most of the others. */
  #easiest(site: Site, fields: readonly WantedField[]): number {
    const free = fields.findIndex(field => {
      const [way] = this.#ways.to(site, field)
      return way?.position && way.outlook.missing === 0 && way.outlook.fetches === 0
    })
    if (free >= 0) return free
    return Math.max(
      fields.findIndex(field => !this.#ways.to(site, field)[0]?.holder.field.isMade),
      0
    )
  }

  #fillField(site: Site, field: WantedField): boolean {
    const chosen = this.#choose(site, field)
    if (!chosen) return false
    if (!field.inner) return true
    while (chosen.place && !this.fill(chosen.place, field.inner)) {
      if (chosen.place.lacksCommon || !this.#chooseAnother(site, field, chosen)) return false
    }
    return true
  }

  /** Fetches what is wanted of the rows at a place; false when something cannot be had. */
  fill(place: Place, wanted: Wanted): boolean {
    this.#watch()
    const members = place.members()
    const objects = members.filter(member => this.#isObjectType(member))
    let complete = this.#fillSites(place, objects, wanted, () => true)
    for (const member of members) {
      if (this.#isObjectType(member) || members.some(other => other !== member && this.#types.meets(other, member)))
        continue
      complete = this.#fillObject(place, member, wanted) && complete
    }
    return complete
  }

  #fillSites(
    place: Place,
    typenames: readonly string[],
    wanted: Wanted,
    isLeft: (field: WantedField) => boolean
  ): boolean {
    let complete = true
    for (const site of place.sitesOf(typenames, wanted)) {
      const fields = wanted.fields(site.type).filter(isLeft)
      if (fields.length === 0 || this.fillSite(site, fields)) continue
      complete = false
      if (place.isAbstract && wanted.fields(place.type).some(({ key }) => !site.chosen.has(key)))
        place.lacksCommon = true
    }
    return complete
  }

  /** Rows of an interface object: their type is asked for where it decides something. */
  #fillObject(place: Place, name: string, wanted: Wanted): boolean {
    const site = place.at(name)
    const common = wanted.fields(name)
    const possible = this.#possible(name)
    const isCommon = (field: WantedField) => common.some(each => each.key === field.key && each.inner === field.inner)
    const decides = possible.some(member => !wanted.fields(member).every(isCommon))
    const shows = wanted.wantsType(name) || possible.some(member => wanted.wantsType(member))
    // Whether the type is asked for must not decide who is asked for the rest.
    const rest = new Set(common.flatMap(field => (this.fillSite(site, [field]) ? [] : [field.key])))
    if (!decides && !shows && rest.size === 0) return true
    // Where no subgraph can tell the type, rows keep the interface's name.
    if (possible.length === 0 || !this.#findType(site)) return !decides && rest.size === 0
    const sites = place.sitesOf(possible, wanted)
    for (const typed of sites) for (const { key } of common) typed.common.add(key)
    return this.#fillSites(place, possible, wanted, field => rest.has(field.key) || !isCommon(field))
  }

  /** Asks a subgraph that knows the interface's types which one each row has. */
  #findType(site: Site): boolean {
    const distances = this.#outlooks.distances(site.type, site.positions)
    const ways = [...distances].filter(([type]) => type.isAbstract).sort(([, a], [, b]) => a - b)
    for (const [type] of ways) {
      const group = this.#enter(site, type)
      if (!group) continue
      group.rows.of(type.name).typename = true
      site.place.enter({ group, type, rows: group.rows, provided: [] })
      return true
    }
    return false
  }

  /** Sees that a field is fetched. */
  #choose(site: Site, field: WantedField): Chosen | null {
    const known = site.chosen.get(field.key)
    if (known) return known
    this.#watch()
    return this.#lookingFor(site, field.key, () => {
      for (const way of this.#ways.to(site, field)) {
        const chosen = this.#take(site, field, way, null)
        if (chosen) return chosen
      }
      return null
    })
  }

  /** Takes a part of a field that its subgraph does not have from another one. */
  #chooseAnother(site: Site, field: WantedField, chosen: Chosen): boolean {
    for (const way of this.#ways.to(site, field)) {
      if (chosen.subgraphs.has(way.holder.type.subgraph)) continue
      if (this.#lookingFor(site, field.key, () => this.#take(site, field, way, chosen))) return true
    }
    return false
  }

  #take(site: Site, field: WantedField, way: Way, chosen: Chosen | null): Chosen | null {
    if (way.position) return this.#select(site, field, way.position, way, chosen)
    const { type } = way.holder
    if (way.holder.field.isMade) return this.#takeMade(site, field, way, chosen)
    const position =
      site.positions.find(each => each.type === type && this.#ways.isFree(site, each, way.holder, field)) ??
      this.#stand(site, type, this.#enter(site, type))
    return position && this.#select(site, field, position, way, chosen)
  }

  /** A field that its subgraph makes of others: rows are sent there with them, or with what is around them. */
  #takeMade(site: Site, field: WantedField, way: Way, chosen: Chosen | null): Chosen | null {
    const { type } = way.holder
    const { requires, contexts } = way.holder.field
    const required: Required | null = requires ? this.#require(site, requires) : { requirements: [], groups: new Set() }
    const around = required && this.#surroundings.of(site, contexts)
    if (!required || !around) return null
    const before = new Set([...required.groups, ...around.groups])
    const positions = contexts.length > 0 ? site.apart : site.positions
    const names = around.variables.map(({ name }) => name).join()
    const free = positions.find(({ group, type: other, isOrigin }) => {
      if (other !== type || isOrigin || group.kind !== 'entities' || group.surroundings !== names) return false
      // It must not wait for more than it does already, nor for itself.
      for (const each of before) if (each === group || !group.needs(each)) return false
      return tell(group, site, type, required)
    })
    const position = free ?? this.#stand(site, type, this.#enter(site, type, around.variables), positions)
    if (!position) return null
    if (!free) {
      if (!tell(position.group, site, type, required)) return null
      for (const group of before) position.group.after.add(group)
    }
    return this.#select(site, field, position, way, chosen, around)
  }

  #stand(site: Site, type: TypeIn, group: Group | null, positions = site.positions): Position | null {
    if (!group) return null
    const position: Position = {
      group,
      type,
      selected: asked(site, type).map(name => group.rows.of(name)),
      provided: [],
      isWide: false,
      isOrigin: group.kind === 'root'
    }
    positions.push(position)
    return position
  }

  /** A new group that asks for the site's rows as `type`. */
  #enter(site: Site, type: TypeIn, around: readonly ContextualVariable[] = []): Group | null {
    this.#watch()
    if (isRoot(this.#types, site.type)) return this.#enterRoot(site, type)
    return this.#lookingFor(site, type, () => {
      const distances = this.#outlooks.distances(site.type, site.positions)
      for (const key of type.keys) {
        if (!distances.has(type)) return null
        const required = this.#require(site, key)
        if (!required) continue
        const group = new Group(type.subgraph, 'entities', site.path, new SelectedRows(null), around)
        tell(group, site, type, required)
        for (const each of required.groups) group.after.add(each)
        for (const { isOrigin, selected } of site.positions) {
          if (isOrigin) for (const each of selected) each.typename = true
        }
        for (const each of site.typedBy()) group.after.add(each)
        this.groups.push(group)
        return group
      }
      return null
    })
  }

  #enterRoot(site: Site, type: TypeIn): Group {
    const group = new Group(type.subgraph, 'root', site.path, new SelectedRows(type))
    for (const { group: origin } of site.positions) if (site.path.length > 0) group.after.add(origin)
    this.groups.push(group)
    return group
  }

  /** Sees that the fields of a set are fetched, and says how to tell them. */
  #require(site: Site, { selections }: SelectionSetNode): Required | null {
    const requirements: Requirement[] = []
    const groups = new Set<Group>()
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === '__typename') continue
        const required = this.#requireField(site, selection)
        if (!required) return null
        requirements.push(...required.requirements)
        for (const group of required.groups) groups.add(group)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        if (condition !== undefined && !this.#types.meets(site.type, condition)) continue
        const required = this.#require(site, selection.selectionSet)
        if (!required) return null
        requirements.push(...required.requirements)
        for (const group of required.groups) groups.add(group)
      }
    }
    return { requirements, groups }
  }

  #requireField(site: Site, node: FieldNode): Required | null {
    const name = node.name.value
    const args = node.arguments ?? []
    const signature = signatureOf(name, args)
    // Rows that are required stand apart: what fails in those that the client sees is no reason, nor the other way round.
    const key = node.selectionSet
      ? this.#keyOf(name, `${signature} {}`)
      : (site.keys.get(signature) ?? (args.length === 0 ? name : this.#keyOf(name, signature)))
    const field: WantedField = { key, name, args, signature, inner: null }
    const chosen = this.#choose(site, field)
    if (!chosen) return null
    const groups = new Set(chosen.groups)
    if (!node.selectionSet) return { requirements: [{ kind: 'Field', from: key, to: name, inner: null }], groups }
    for (;;) {
      const inner = chosen.place && this.#requirePlace(chosen.place, node.selectionSet)
      if (inner) {
        for (const group of [...inner.groups, ...chosen.groups]) groups.add(group)
        return { requirements: [{ kind: 'Field', from: key, to: name, inner: inner.requirements }], groups }
      }
      if (!this.#chooseAnother(site, field, chosen)) return null
    }
  }

  #requirePlace(place: Place, set: SelectionSetNode): Required | null {
    const members = place.members()
    const concrete = members.filter(member => this.#isObjectType(member))
    const requirements: Requirement[] = []
    const groups = new Set<Group>()
    if (place.isAbstract) requirements.push({ kind: 'Field', from: '__typename', to: '__typename', inner: null })
    for (const member of concrete.length > 0 ? concrete : members) {
      const required = this.#require(place.at(member), set)
      if (!required) return null
      for (const group of required.groups) groups.add(group)
      if (!place.isAbstract) requirements.push(...required.requirements)
      else requirements.push({ kind: 'InlineFragment', condition: member, inner: required.requirements })
    }
    return { requirements, groups }
  }

  #keyOf(name: string, what: string): string {
    const known = this.#ownKeys.get(what)
    if (known !== undefined) return known
    const key = `_r${this.#ownKeys.size}_${name}`
    this.#ownKeys.set(what, key)
    return key
  }

  #select(
    site: Site,
    wanted: WantedField,
    position: Position,
    way: Way,
    before: Chosen | null,
    around?: Surroundings
  ): Chosen {
    const { key, name, signature } = wanted
    const args = around ? [...wanted.args, ...around.args] : wanted.args
    const { field } = way.holder
    const { group, selected, type } = position
    const known = selected.find(each => each.fields.has(key))?.fields.get(key)
    const typeThere = this.#types.typeIn(field.named, type.subgraph)
    const rows = known?.inner ?? (typeThere ? new SelectedRows(typeThere) : null)
    const selection = known ?? { name, args, field, inner: rows }
    for (const { fields } of selected) if (!fields.has(key)) fields.set(key, selection)
    const chosen = before ?? { groups: new Set(), subgraphs: new Set(), place: this.#placeOf(site, wanted) }
    chosen.groups.add(group)
    chosen.subgraphs.add(type.subgraph)
    if (!before) {
      site.chosen.set(key, chosen)
      if (!site.keys.has(signature)) site.keys.set(signature, key)
    }
    if (rows && typeThere && chosen.place) {
      const provided = field.provides && field.isOwn ? [...way.inner, field.provides] : way.inner
      chosen.place.enter({ group, type: typeThere, rows, provided })
    }
    return chosen
  }

  #placeOf(site: Site, { key, name }: WantedField): Place | null {
    const parent = this.#types.schema.getType(site.type)
    const type = parent && 'getFields' in parent ? parent.getFields()[name]?.type : undefined
    if (!type) return null
    const named = getNamedType(type)
    if (!('getFields' in named) && !isAbstractType(named)) return null
    const path = pathTo(site, key, type)
    return new Place(this.#types, named.name, path, { site, field: name })
  }

  #lookingFor<Found>(site: Site, what: unknown, look: () => Found | null): Found | null {
    const looking = this.#looking.get(site) ?? new Set()
    this.#looking.set(site, looking)
    if (looking.has(what)) return null
    looking.add(what)
    try {
      return look()
    } finally {
      looking.delete(what)
    }
  }

  #isObjectType(name: string): boolean {
    const type = this.#types.schema.getType(name)
    return type !== undefined && 'isTypeOf' in type
  }

  #possible(name: string): readonly string[] {
    const type = this.#types.schema.getType(name)
    return isAbstractType(type) ? this.#types.schema.getPossibleTypes(type).map(member => member.name) : []
  }
}

/** Under which types rows are asked for as `type`: each under its own, or all under an interface. */
function asked({ type: first, types }: Site, type: TypeIn): readonly string[] {
  return type.name === first ? types : [type.name]
}
