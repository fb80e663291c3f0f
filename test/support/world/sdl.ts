import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import type { AbstractModel, FieldModel, Model, TypeModel } from './model.ts'

const KEY_FIELDS: Readonly<Record<string, string>> = {
  id: 'id: ID!',
  sku: 'sku: String! @shareable',
  'org { code }': 'org: Org! @shareable'
}

/** A subgraph's SDL, and which fields it only knows of. */
export function subgraphSdl(model: Model, subgraph: string): string | null {
  return new Writer(model, subgraph).write()
}

/** The selections of a field set. */
export function fieldSet(text: string): readonly FieldNode[] {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions
  return definition?.kind === Kind.OPERATION_DEFINITION ? fieldsOf(definition.selectionSet) : []
}

export function fieldsOf(set: SelectionSetNode | undefined): readonly FieldNode[] {
  return (set?.selections ?? []).flatMap(selection => (selection.kind === Kind.FIELD ? [selection] : []))
}

class Writer {
  readonly #model: Model
  readonly #subgraph: string
  /** Type → field → its directives. */
  readonly #declared = new Map<string, Map<string, string>>()
  readonly #abstracts = new Set<string>()

  constructor(model: Model, subgraph: string) {
    this.#model = model
    this.#subgraph = subgraph
  }

  write(): string | null {
    const { types, abstracts, roots } = this.#model
    const own = roots.filter(({ owners }) => owners.includes(this.#subgraph))
    for (const root of own) this.#reach(root)
    for (const type of types.values()) {
      if (!type.entity || this.#viaInterface(type)) continue
      for (const field of type.fields.values()) this.#own(type, field)
    }
    for (const { name, objectIn } of abstracts.values()) if (objectIn.has(this.#subgraph)) this.#abstracts.add(name)
    if (this.#declared.size === 0 && own.length === 0) return null
    const parts = ['enum Color { RED GREEN BLUE }', 'input In { a: Int = 5 b: [String!] in: In }']
    if (own.length > 0) parts.push(`type Query { ${own.map(root => this.#written(root, '')).join(' ')} }`)
    for (const name of this.#abstracts) parts.push(this.#abstract(name))
    for (const name of this.#declared.keys()) parts.push(this.#type(name))
    const text = parts.filter(part => part !== '').join('\n')
    return text.includes(': Org') ? `${text}\ntype Org @shareable { code: String! }` : text
  }

  /** Types that this subgraph knows as an object of their interface only. */
  #viaInterface(type: TypeModel): boolean {
    return [...this.#model.abstracts.values()].some(
      ({ objectIn, members }) => objectIn.has(this.#subgraph) && members.includes(type.name)
    )
  }

  #own(type: TypeModel, field: FieldModel): void {
    const owned = field.owners.includes(this.#subgraph)
    if (!owned && field.overrides !== this.#subgraph) return
    const shared = field.owners.length > 1 ? ' @shareable' : ''
    const taken = field.overrides && owned ? ` @override(from: "${field.overrides}")` : ''
    const hidden = field.inaccessible ? ' @inaccessible' : ''
    const made = field.requires ? ` @requires(fields: ${JSON.stringify(field.requires)})` : ''
    this.#declare(type.name, field, `${shared}${taken}${hidden}${made}`)
    if (field.requires) this.#external(type, fieldSet(field.requires))
  }

  #external(type: TypeModel, selections: readonly FieldNode[]): void {
    for (const node of selections) {
      const field = type.fields.get(node.name.value)
      if (!field) continue
      if (type.entity && !field.owners.includes(this.#subgraph)) this.#declare(type.name, field, ' @external')
      const target = this.#model.types.get(field.named)
      if (target && node.selectionSet) this.#external(target, fieldsOf(node.selectionSet))
    }
  }

  #declare(typename: string, field: FieldModel, directives: string): void {
    const fields = this.#enter(typename)
    if (!fields.has(field.name)) fields.set(field.name, directives)
    this.#reach(field)
  }

  /** What a field leads to is declared, too. */
  #reach(field: FieldModel): void {
    const abstract = this.#model.abstracts.get(field.named)
    if (abstract) {
      this.#abstracts.add(abstract.name)
      for (const member of abstract.memberIn.get(this.#subgraph) ?? []) this.#enter(member)
    } else if (field.targets.length > 0) {
      this.#enter(field.named)
      const target = this.#model.types.get(field.named)
      for (const name of field.provides ?? []) {
        const provided = target?.fields.get(name)
        if (provided) this.#declare(field.named, provided, ' @external')
      }
    }
  }

  #enter(typename: string): Map<string, string> {
    const known = this.#declared.get(typename)
    if (known) return known
    const fields = new Map<string, string>()
    this.#declared.set(typename, fields)
    const type = this.#model.types.get(typename)
    if (type && !type.entity) for (const field of type.fields.values()) this.#declare(typename, field, ' @shareable')
    return fields
  }

  #written(field: FieldModel, directives: string): string {
    const provides =
      field.provides && field.owners.includes(this.#subgraph) && !directives.includes('@external')
        ? ` @provides(fields: "${field.provides.join(' ')}")`
        : ''
    return `${field.name}${field.args}: ${field.type}${directives}${provides}`
  }

  #fieldsIn(typename: string): ReadonlySet<string> {
    const keys = this.#model.types.get(typename)?.keys.get(this.#subgraph) ?? []
    return new Set([
      ...(this.#declared.get(typename)?.keys() ?? []),
      ...keys.map(({ fields }) => fields.split(' ')[0] ?? '')
    ])
  }

  #interfacesOf(typename: string): readonly AbstractModel[] {
    return [...this.#abstracts].flatMap(name => {
      const abstract = this.#model.abstracts.get(name)
      const isMember = abstract?.memberIn.get(this.#subgraph)?.includes(typename)
      return abstract?.kind === 'interface' && isMember ? [abstract] : []
    })
  }

  #type(name: string): string {
    const type = this.#model.types.get(name)
    if (!type) return ''
    const keys = type.keys.get(this.#subgraph) ?? []
    const interfaces = this.#interfacesOf(name).map(each => each.name)
    const implemented = interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : ''
    // What a subgraph has of a type must be to be had there.
    const isStub = [...(this.#declared.get(name)?.values() ?? [])].every(directives => directives.includes('@external'))
    const written = keys.map(
      ({ fields, resolvable }) => ` @key(fields: "${fields}"${resolvable || !isStub ? '' : ', resolvable: false'})`
    )
    const fields = [...(this.#declared.get(name) ?? [])].map(([field, directives]) => {
      const found = type.fields.get(field)
      return found ? this.#written(found, directives) : ''
    })
    const all = [...keys.map(key => KEY_FIELDS[key.fields] ?? ''), ...fields]
    return `type ${name}${implemented}${written.join('')} { ${all.join(' ')} }`
  }

  #abstract(name: string): string {
    const abstract = this.#model.abstracts.get(name)
    if (!abstract) return ''
    const { kind, members, memberIn, objectIn, fields } = abstract
    const first = this.#model.types.get(members[0] ?? '')
    if (objectIn.has(this.#subgraph)) {
      const own = fields.flatMap(field => {
        const found = first?.fields.get(field)
        return found?.owners.includes(this.#subgraph) ? [this.#written(found, '')] : []
      })
      return `type ${name} @interfaceObject @key(fields: "id") { id: ID! ${own.join(' ')} }`
    }
    const here = (memberIn.get(this.#subgraph) ?? []).filter(member => this.#declared.has(member))
    if (kind === 'union') return `union ${name} = ${here.join(' | ')}`
    const shown = fields.filter(field => here.every(member => this.#fieldsIn(member).has(field)))
    const texts = shown.map(field => {
      const found = first?.fields.get(field)
      return found ? `${field}${found.args}: ${found.type}` : 'id: ID!'
    })
    return `interface ${name}${objectIn.size > 0 ? ' @key(fields: "id")' : ''} { ${texts.join(' ')} }`
  }
}
