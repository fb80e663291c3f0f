import { type FieldNode, GraphQLError, type GraphQLFieldResolver, parseType, type TypeNode } from 'graphql'
import type { TestSubgraph } from '../federation.ts'
import { hash } from './chance.ts'
import { type FieldModel, type Model, model as modelOf } from './model.ts'
import { fieldSet, fieldsOf, subgraphSdl } from './sdl.ts'

/** An object as its subgraph knows it. */
interface Thing {
  readonly __typename: string
  readonly id: string
  /** The type that it really has, where a subgraph knows it as its interface. */
  readonly type: string
  /** What the router told of it. */
  readonly ref?: Readonly<Record<string, unknown>>
  readonly provided?: readonly string[]
}

/** By seed: texts that are ASCII, that JSON writes as they are, and that it escapes. */
const ENDINGS = [[''], ['', 'ö', '退货', '\u2028', '😀'], ['', '', '"', '\\', '\n', '\u0001', '\ud800']] as const

type Args = Readonly<Record<string, unknown>>

/** A whole graph made by chance: its subgraphs, and the same facts in one place. */
export interface World {
  readonly subgraphs: Readonly<Record<string, TestSubgraph>>
  /** Resolves any field of the whole graph, for graphql-js alone. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown>
  /** Whether some fields fail for some rows. */
  readonly luck: { bad: boolean }
}

export function world(seed: number): World {
  const model = modelOf(seed)
  const facts = new Facts(model, seed)
  const subgraphs: Record<string, TestSubgraph> = {}
  for (const name of model.subgraphs) {
    const sdl = subgraphSdl(model, name)
    if (sdl !== null) subgraphs[name] = { sdl, resolvers: resolversOf(facts, name) as never }
  }
  return {
    subgraphs,
    luck: facts.luck,
    resolve: (source, args, _, { parentType, fieldName }) => {
      const thing = source as Thing | undefined
      return facts.value(
        parentType.name === 'Query' ? 'Query' : (thing?.type ?? parentType.name),
        thing,
        fieldName,
        args
      )
    }
  }
}

/** Every fact is made of the seed and its own name, so that nothing has to be kept. */
class Facts {
  readonly luck = { bad: false }
  readonly model: Model
  readonly #seed: number
  readonly #roots: ReadonlyMap<string, FieldModel>

  constructor(model: Model, seed: number) {
    this.model = model
    this.#seed = seed
    this.#roots = new Map(model.roots.map(root => [root.name, root]))
  }

  #ending(chance: number): string {
    const endings = ENDINGS[this.#seed % ENDINGS.length] ?? []
    return endings[chance % endings.length] ?? ''
  }

  field(typename: string, name: string): FieldModel | undefined {
    return typename === 'Query' ? this.#roots.get(name) : this.model.types.get(typename)?.fields.get(name)
  }

  /** The value of a field in the whole graph. */
  value(typename: string, thing: Thing | undefined, name: string, args: Args): unknown {
    if (name === '__typename') return thing?.__typename
    const id = thing?.id ?? ''
    if (name === 'id') return id
    if (name === 'sku') return `sku-${id}`
    if (name === 'org') return { __typename: 'Org', type: 'Org', id }
    if (name === 'code') return `code-${id}`
    const field = this.field(typename, name)
    if (!field) throw new Error(`nobody knows ${typename}.${name}`)
    this.tryLuck(typename, id, field)
    if (field.requires) return made(name, args, thing ? this.#needed(typename, thing, fieldSet(field.requires)) : null)
    return this.#make(parseType(field.type), field, [typename, id, name, sorted(args)], false)
  }

  /** Some fields of some rows fail, for everybody. */
  tryLuck(typename: string, id: string, { name, firm }: FieldModel): void {
    if (this.luck.bad && !firm && hash(this.#seed, 'luck', typename, id, name) % 9 === 0)
      throw new GraphQLError('no luck', { extensions: { code: 'NOT_FOUND' } })
  }

  /** What a field that is made of others needs, from the whole graph. */
  #needed(typename: string, thing: Thing, selections: readonly FieldNode[]): unknown {
    return selections.map(node => {
      const args = Object.fromEntries((node.arguments ?? []).map(({ name, value }) => [name.value, literal(value)]))
      const field = this.field(typename, node.name.value)
      const value = this.value(typename, thing, node.name.value, { ...defaults(field), ...args })
      const inner = fieldsOf(node.selectionSet)
      return inner.length > 0 ? each(value, item => this.#needed((item as Thing).type, item as Thing, inner)) : value
    })
  }

  #make(node: TypeNode, field: FieldModel, path: readonly unknown[], sure: boolean): unknown {
    if (node.kind === 'NonNullType') return this.#make(node.type, field, path, true)
    const chance = hash(this.#seed, path)
    if (!sure && chance % 7 === 0) return null
    if (node.kind === 'ListType')
      return Array.from({ length: chance % 4 }, (_, i) => this.#make(node.type, field, [...path, i], false))
    if (field.targets.length > 0) {
      const type = field.targets[chance % field.targets.length] ?? ''
      const id = this.model.types.get(type)?.entity ? `${type}-${1 + ((chance >>> 8) % 3)}` : JSON.stringify(path)
      return { __typename: type, type, id } satisfies Thing
    }
    switch (node.name.value) {
      case 'Int':
        return chance % 100
      case 'Float':
        return (chance % 100) / 4
      case 'Boolean':
        return chance % 2 === 0
      case 'Color':
        return ['RED', 'GREEN', 'BLUE'][chance % 3]
      default:
        return `${String(path[2])}:${chance % 1000}${this.#ending(chance)}`
    }
  }
}

/** A field that is made of others says of what it was made. */
function made(name: string, args: Args, of: unknown): string {
  return `${name} ${JSON.stringify(sorted(args))} of ${JSON.stringify(of)}`
}

function resolversOf(facts: Facts, subgraph: string): Record<string, Record<string, unknown>> {
  const resolvers: Record<string, Record<string, unknown>> = {}
  const { types, abstracts, roots } = facts.model
  const resolver = (typename: string, name: string) => (source: Thing | undefined, args: Args) => {
    const field = facts.field(typename, name)
    const knows = !field || !facts.model.types.get(typename)?.entity || field.owners.includes(subgraph)
    if (!knows && source?.provided?.includes(name)) return facts.value(typename, source, name, args)
    if (!knows) throw new Error(`${subgraph} was asked for ${typename}.${name}, which it does not know`)
    const type = source?.type ?? typename
    if (field?.requires && source) {
      facts.tryLuck(type, source.id, field)
      return made(name, args, source.ref ? told(source.ref, fieldSet(field.requires)) : 'nothing')
    }
    const value = facts.value(type, source, name, args)
    return field && field.targets.length > 0 ? each(value, item => here(item as Thing, field)) : value
  }
  /** As this subgraph hands it on. */
  const here = (thing: Thing, field: FieldModel): Thing => {
    const asObject = [...abstracts.values()].find(
      ({ objectIn, members }) => objectIn.has(subgraph) && members.includes(thing.type)
    )
    return {
      ...thing,
      __typename: asObject?.name ?? thing.type,
      ...(field.provides && field.owners.includes(subgraph) && { provided: field.provides })
    }
  }
  const referenced = (ref: Readonly<Record<string, unknown>>): Thing => {
    const org = ref['org'] as { code?: string } | undefined
    const key = [ref['id'], ref['sku'], org?.code].find(each => typeof each === 'string') as string | undefined
    if (key === undefined) throw new Error(`${subgraph} was told no key: ${JSON.stringify(ref)}`)
    const id = key.replace(/^(sku|code)-/, '')
    const type = id.replace(/-.*/, '')
    const typename = String(ref['__typename'])
    const isInterface = abstracts.has(typename) && !abstracts.get(typename)?.objectIn.has(subgraph)
    return { __typename: isInterface ? type : typename, type, id, ref }
  }
  for (const type of types.values()) {
    const own: Record<string, unknown> = { id: resolver(type.name, 'id'), sku: resolver(type.name, 'sku') }
    own['org'] = resolver(type.name, 'org')
    for (const name of type.fields.keys()) own[name] = resolver(type.name, name)
    if (type.entity) own['__resolveReference'] = referenced
    resolvers[type.name] = own
  }
  for (const { name, members, fields, objectIn } of abstracts.values()) {
    if (!objectIn.has(subgraph)) {
      resolvers[name] = { __resolveReference: referenced }
      continue
    }
    const own: Record<string, unknown> = { __resolveReference: referenced, id: resolver(name, 'id') }
    for (const field of fields) own[field] = resolver(members[0] ?? '', field)
    resolvers[name] = own
  }
  resolvers['Org'] = { code: resolver('Org', 'code') }
  resolvers['Query'] = Object.fromEntries(roots.map(({ name }) => [name, resolver('Query', name)]))
  return resolvers
}

/** The same selections of what the router told. */
function told(value: unknown, selections: readonly FieldNode[]): unknown {
  const object = value as Readonly<Record<string, unknown>>
  return selections.map(node => {
    const inner = fieldsOf(node.selectionSet)
    const part = object[node.name.value]
    if (part === undefined) return 'not told'
    return inner.length > 0 ? each(part, item => told(item, inner)) : part
  })
}

function each(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(item => each(item, change))
  return value === null || value === undefined ? null : change(value)
}

function sorted(args: Args): Args {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  )
}

/** What graphql-js would add to the arguments of a required field. */
function defaults(field: FieldModel | undefined): Args {
  if (field?.args.includes('= 3')) return { x: 3 }
  return field?.args.includes('[RED]') ? { c: ['RED'] } : {}
}

function literal(node: NonNullable<FieldNode['arguments']>[number]['value']): unknown {
  switch (node.kind) {
    case 'IntValue':
      return Number(node.value)
    case 'ListValue':
      return node.values.map(literal)
    case 'ObjectValue':
      return { a: 5, ...Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literal(value)])) }
    case 'EnumValue':
    case 'StringValue':
      return node.value
    default:
      return null
  }
}
