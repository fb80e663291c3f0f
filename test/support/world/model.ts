import { type Chance, chances } from './chance.ts'

/** A graph made by chance, and who of several subgraphs knows what of it. */
export interface Model {
  readonly subgraphs: readonly string[]
  readonly types: ReadonlyMap<string, TypeModel>
  readonly abstracts: ReadonlyMap<string, AbstractModel>
  readonly roots: readonly FieldModel[]
}

export interface TypeModel {
  readonly name: string
  readonly entity: boolean
  readonly fields: Map<string, FieldModel>
  /** Keys by subgraph; where there are none, the type is declared only as far as something refers to it. */
  readonly keys: Map<string, readonly KeyModel[]>
}

export interface KeyModel {
  readonly fields: string
  readonly resolvable: boolean
}

export interface FieldModel {
  readonly name: string
  /** As SDL says it. */
  readonly type: string
  readonly named: string
  readonly args: string
  /** Subgraphs that resolve it; several share it, and do alike. */
  readonly owners: readonly string[]
  /** Object types that it may lead to. */
  readonly targets: readonly string[]
  /** What its owner needs of the others. */
  readonly requires?: string
  /** Fields of its target that its owner knows besides. */
  readonly provides?: readonly string[]
  /** The owner took it over from this subgraph, which still has it. */
  readonly overrides?: string
  readonly inaccessible?: boolean
  /** Never fails: others are made of it. */
  firm?: boolean
}

export interface AbstractModel {
  readonly name: string
  readonly kind: 'interface' | 'union'
  readonly members: readonly string[]
  /** By subgraph: its members there. */
  readonly memberIn: ReadonlyMap<string, readonly string[]>
  /** Fields that all members have. */
  readonly fields: readonly string[]
  /** Subgraphs that know the interface as an object. */
  readonly objectIn: ReadonlySet<string>
}

const LEAVES = ['Int', 'String', 'String!', 'Boolean', 'Color', 'Float', '[Int]', '[String!]!', '[[Int]]', 'ID']
const WRAPS = ['T', 'T', 'T!', '[T]', '[T!]!', '[T!]', '[[T!]]', '[T]!']
const ARGS = ['', '', '', '', '(x: Int = 3)', '(x: Int, y: String)', '(x: Int!)', '(w: In)', '(c: [Color!] = [RED])']

/** The model of a seed. */
export function model(seed: number): Model {
  return new Maker(chances(seed)).make()
}

class Maker {
  readonly #chance: Chance
  readonly #subgraphs: readonly string[]
  readonly #types = new Map<string, TypeModel>()
  readonly #abstracts = new Map<string, AbstractModel>()
  #count = 0

  constructor(chance: Chance) {
    this.#chance = chance
    this.#subgraphs = Array.from({ length: 2 + chance.number(3) }, (_, i) => `s${i}`)
  }

  make(): Model {
    const chance = this.#chance
    const entities = Array.from({ length: 2 + chance.number(3) }, (_, i) => this.#entity(`E${i}`, this.#subgraphs))
    for (let i = 0; i < 2; i++) this.#value(`V${i}`)
    if (chance(0.7)) this.#interface('I0', entities)
    if (chance(0.5)) this.#union('U0', entities)
    if (chance(0.5)) this.#interfaceObject()
    for (const type of this.#types.values()) if (type.entity) this.#fields(type)
    for (const type of this.#types.values()) if (type.entity && chance(0.6)) this.#requires(type)
    return {
      subgraphs: this.#subgraphs,
      types: this.#types,
      abstracts: this.#abstracts,
      roots: this.#subgraphs.flatMap(subgraph =>
        Array.from({ length: 1 + chance.number(2) }, () => this.#root(subgraph))
      )
    }
  }

  #entity(name: string, homes: readonly string[]): string {
    const chance = this.#chance
    const keys = new Map<string, KeyModel[]>()
    const candidates = ['id', ...(chance(0.4) ? ['sku'] : []), ...(chance(0.3) ? ['org { code }'] : [])]
    for (const subgraph of homes) {
      const chosen = chance.some(candidates, 0.6)
      if (chosen.length === 0) chosen.push(chance(0.8) ? 'id' : chance.pick(candidates))
      keys.set(
        subgraph,
        chosen.map(fields => ({ fields, resolvable: !chance(0.1) }))
      )
    }
    this.#types.set(name, { name, entity: true, fields: new Map(), keys })
    return name
  }

  #value(name: string): void {
    const fields = new Map<string, FieldModel>()
    for (let i = 0; i < 2; i++) {
      const field = { ...this.#leaf(this.#subgraphs), args: '' }
      fields.set(field.name, field)
    }
    if (name !== 'V0' && this.#chance(0.5)) {
      const field = this.#object(['V0'], 'V0', this.#subgraphs)
      fields.set(field.name, field)
    }
    this.#types.set(name, { name, entity: false, fields, keys: new Map() })
  }

  #interface(name: string, entities: readonly string[]): void {
    const chance = this.#chance
    const members = entities.filter((_, i) => i < 2 || chance(0.5))
    for (const member of members) this.#hasId(member)
    this.#abstract(name, 'interface', members)
  }

  #union(name: string, entities: readonly string[]): void {
    this.#abstract(name, 'union', [...entities.filter((_, i) => i < 2), ...(this.#chance(0.3) ? ['V0'] : [])])
  }

  #abstract(name: string, kind: AbstractModel['kind'], members: readonly string[]): void {
    const chance = this.#chance
    const memberIn = new Map<string, readonly string[]>()
    for (const subgraph of this.#subgraphs) {
      if (!chance(0.75)) continue
      const known = chance(0.6) ? members : chance.some(members, 0.6)
      memberIn.set(subgraph, known.length > 0 ? known : members.slice(0, 1))
    }
    if (memberIn.size === 0) memberIn.set(this.#subgraphs[0] ?? '', members)
    const fields: string[] = []
    if (kind === 'interface') {
      const label = this.#leaf(this.#subgraphs)
      fields.push('id', label.name)
      for (const member of members) this.#add(member, { ...label, owners: this.#owners(this.#subgraphs) })
      if (chance(0.6)) {
        const link = this.#object(['E0'], 'E0', this.#subgraphs)
        fields.push(link.name)
        for (const member of members) this.#add(member, { ...link, owners: this.#owners(this.#subgraphs) })
      }
    }
    this.#abstracts.set(name, { name, kind, members, memberIn, fields, objectIn: new Set() })
  }

  /** An interface that one subgraph knows with its types, and the others as an object. */
  #interfaceObject(): void {
    const chance = this.#chance
    const [home = 's0', ...others] = this.#subgraphs
    const members = ['X0', 'X1']
    for (const name of members) {
      this.#types.set(name, {
        name,
        entity: true,
        fields: new Map(),
        keys: new Map([[home, [{ fields: 'id', resolvable: true }]]])
      })
    }
    const objectIn = new Set(chance.some(others, 0.7))
    if (objectIn.size === 0) objectIn.add(others[0] ?? 's1')
    const fields = ['id']
    const share = (field: FieldModel) => {
      fields.push(field.name)
      for (const member of members) this.#add(member, field)
    }
    share({ ...this.#leaf([home]), owners: [home] })
    for (const subgraph of objectIn) {
      for (let i = 0; i < 2; i++) share({ ...this.#leaf([subgraph]), owners: [subgraph] })
      if (chance(0.6)) share(this.#object(['E1'], 'E1', [subgraph]))
    }
    this.#abstracts.set('M0', {
      name: 'M0',
      kind: 'interface',
      members,
      memberIn: new Map([[home, members]]),
      fields,
      objectIn
    })
  }

  #fields(type: TypeModel): void {
    const chance = this.#chance
    const homes = [...type.keys.keys()]
    for (let i = 0; i < 2 + chance.number(3); i++) {
      const field = this.#leaf(homes)
      const [owner] = field.owners
      const loser = chance.pick(homes)
      const moved = field.owners.length === 1 && owner !== loser && chance(0.15)
      this.#add(type.name, {
        ...field,
        ...(moved && { overrides: loser }),
        ...(chance(0.07) && { inaccessible: true })
      })
    }
    for (let i = 0; i < 1 + chance.number(3); i++) this.#add(type.name, this.#reference(homes))
  }

  #leaf(homes: readonly string[]): FieldModel {
    const type = this.#chance.pick(LEAVES)
    return {
      name: this.#name('f'),
      type,
      named: type.replace(/[[\]!]/g, ''),
      args: this.#chance.pick(ARGS),
      owners: this.#owners(homes),
      targets: []
    }
  }

  #reference(homes: readonly string[]): FieldModel {
    const chance = this.#chance
    const abstract = chance.pick([...this.#abstracts.values(), null, null])
    if (abstract) {
      const know = (subgraph: string) => abstract.memberIn.get(subgraph) ?? []
      const can = homes.filter(home => know(home).length > 0 || abstract.objectIn.has(home))
      const owner = can.length > 0 ? chance.pick(can) : undefined
      if (owner !== undefined) {
        const targets = abstract.objectIn.has(owner) ? abstract.members : know(owner)
        return this.#object(targets, abstract.name, [owner])
      }
    }
    const owners = this.#owners(homes)
    // A type of an interface object is known at home alone.
    const known = [...this.#types.values()].filter(
      type => !type.name.startsWith('X') || owners.every(owner => type.keys.has(owner))
    )
    const { name, entity } = chance.pick(known)
    const field = this.#object([name], name, owners)
    return entity && owners.length === 1 && chance(0.4) ? this.#providing(field, name) : field
  }

  /** A reference whose owner knows some fields of its target, which others own. */
  #providing(field: FieldModel, target: string): FieldModel {
    const [owner = ''] = field.owners
    const fields = [...(this.#types.get(target)?.fields.values() ?? [])]
    const can = fields.filter(
      other => other.targets.length === 0 && !other.owners.includes(owner) && other.args === '' && !other.overrides
    )
    const provides = this.#chance.some(can, 0.5)
    if (provides.length === 0) return field
    for (const each of provides) each.firm = true
    return { ...field, provides: provides.map(({ name }) => name) }
  }

  #object(targets: readonly string[], named: string, owners: readonly string[]): FieldModel {
    return {
      name: this.#name('r'),
      type: this.#chance.pick(WRAPS).replace('T', named),
      named,
      args: this.#chance.pick(ARGS),
      owners: this.#abstracts.has(named) ? owners.slice(0, 1) : owners,
      targets
    }
  }

  #requires(type: TypeModel): void {
    const chance = this.#chance
    for (const owner of chance.some([...type.keys.keys()], 0.6)) {
      const can = [...type.fields.values()].filter(
        field => !field.owners.includes(owner) && !field.overrides && !this.#abstracts.get(field.named)?.objectIn.size
      )
      for (let i = 0; i < 1 + chance.number(2); i++) {
        const needed = [...new Set(chance.some(can, 0.4))]
        const parts = needed.flatMap(field => this.#needed(field, 0))
        if (parts.length === 0) continue
        this.#add(type.name, {
          name: this.#name('q'),
          type: 'String',
          named: 'String',
          args: chance.pick(ARGS),
          owners: [owner],
          targets: [],
          requires: parts.join(' '),
          firm: false
        })
      }
    }
  }

  /** A field with what is needed of it, as a field set. */
  #needed(field: FieldModel, depth: number): readonly string[] {
    const chance = this.#chance
    const args = field.args.startsWith('(x')
      ? `(x: ${chance.number(2)})`
      : field.args !== '' && chance(0.5)
        ? field.args.startsWith('(w')
          ? '(w: { a: 1 })'
          : '(c: [GREEN])'
        : ''
    if (field.targets.length === 0) {
      field.firm = true
      return [`${field.name}${args}`]
    }
    if (depth > 1 || this.#abstracts.has(field.named)) return []
    const inner = [...(this.#types.get(field.named)?.fields.values() ?? [])].filter(
      each => !each.requires && !each.overrides && each.owners.some(owner => field.owners.includes(owner))
    )
    const parts = chance.some(inner, 0.5).flatMap(each => this.#needed(each, depth + 1))
    if (parts.length === 0) return []
    field.firm = true
    return [`${field.name}${args} { ${parts.join(' ')} }`]
  }

  #root(subgraph: string): FieldModel {
    return { ...this.#reference([subgraph]), name: this.#name('root') }
  }

  #owners(homes: readonly string[]): readonly string[] {
    const chance = this.#chance
    const owner = chance.pick(homes)
    const other = chance.pick(homes)
    return other !== owner && chance(0.5) ? [owner, other] : [owner]
  }

  #hasId(name: string): void {
    const type = this.#types.get(name)
    for (const [subgraph, keys] of type?.keys ?? []) {
      if (!keys.some(({ fields }) => fields === 'id'))
        type?.keys.set(subgraph, [{ fields: 'id', resolvable: true }, ...keys])
    }
  }

  #add(type: string, field: FieldModel): void {
    this.#types.get(type)?.fields.set(field.name, field)
  }

  #name(prefix: string): string {
    return `${prefix}${this.#count++}`
  }
}
