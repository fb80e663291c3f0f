import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType
} from 'graphql'

export interface RandomQuery {
  readonly query: string
  readonly variables: Readonly<Record<string, boolean>>
}

/** A valid query made of chance and a seed: aliases, arguments, fragments, and conditions on `$a` and `$b`. */
export function randomQuery(schema: GraphQLSchema, seed: number): RandomQuery {
  const random = mulberry(seed)
  const chance = (p: number) => random() < p
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  const fragments: string[] = []
  let aliases = 0
  let budget = 40

  const condition = () =>
    chance(0.12) ? ` @${pick(['skip', 'include'])}(if: ${pick(['$a', '$b', 'true', 'false'])})` : ''

  const literal = (type: GraphQLInputType): string => {
    if (isNonNullType(type)) return literal(type.ofType)
    if (isListType(type)) return `[${literal(type.ofType)}]`
    if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
    switch (type.name) {
      case 'Int':
        return String(Math.floor(random() * 3))
      case 'Boolean':
        return String(chance(0.5))
      case 'ID':
        return pick(['"u1"', '"u2"', '"p1"', '"p2"', '"nobody"'])
      case 'String':
        return pick(['"x"', '"none"', '"it\\"s"'])
      case 'Float':
        return '1.5'
    }
    if (!isInputObjectType(type)) throw new Error(`no value of type ${type.name} is known`)
    const given = Object.values(type.getFields()).filter(
      each =>
        (isNonNullType(each.type) && each.defaultValue === undefined) ||
        (getNamedType(each.type) !== type && chance(0.4))
    )
    return `{ ${given.map(each => `${each.name}: ${literal(each.type)}`).join(' ')} }`
  }

  const field = (definition: GraphQLField<unknown, unknown>, depth: number): string => {
    budget--
    const given = definition.args.filter(
      arg => (isNonNullType(arg.type) && arg.defaultValue === undefined) || chance(0.5)
    )
    const args = given.length > 0 ? `(${given.map(arg => `${arg.name}: ${literal(arg.type)}`).join(', ')})` : ''
    // Every field with arguments has a name of its own, so that no two of them conflict.
    const alias =
      given.length > 0 || chance(0.15)
        ? `${pick(['id', 'name', 'x', '__typename', 'constructor', 'price'])}${aliases++}: `
        : ''
    const type = getNamedType(definition.type)
    const inner = isCompositeType(type) ? ` ${selection(type, depth + 1)}` : ''
    return `${alias}${definition.name}${args}${condition()}${inner}`
  }

  const selection = (type: GraphQLNamedType, depth: number): string => {
    const parts: string[] = chance(0.3) ? ['__typename'] : []
    const fields =
      'getFields' in type && !('parseValue' in type)
        ? Object.values(type.getFields() as Record<string, GraphQLField<unknown, unknown>>)
        : []
    const usable = fields.filter(f => (depth < 5 && budget > 0 ? true : !isCompositeType(getNamedType(f.type))))
    for (let i = 0; i < 3 && usable.length > 0; i++) parts.push(field(pick(usable), depth))
    if (chance(0.25) && depth < 5) parts.push(fragment(type, depth))
    if (isAbstractType(type))
      for (const member of schema.getPossibleTypes(type)) if (chance(0.7)) parts.push(fragment(member, depth))
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`
  }

  const fragment = (type: GraphQLNamedType, depth: number): string => {
    const inner = selection(type, depth + 1)
    const wider = isObjectType(type) && chance(0.2) ? type.getInterfaces()[0] : undefined
    if (chance(0.5)) return `... on ${type.name}${condition()} ${inner}`
    const name = `F${fragments.length}`
    fragments.push(`fragment ${name} on ${type.name} ${inner}`)
    return wider ? `... on ${wider.name} { ...${name} }` : `...${name}${condition()}`
  }

  const root = schema.getQueryType()
  if (!root) throw new Error('no query type')
  const body = Array.from({ length: 3 }, () => field(pick(Object.values(root.getFields())), 0)).join(' ')
  return {
    query: `query ($a: Boolean!, $b: Boolean!) { ${body} t: __typename @include(if: $a) u: __typename @skip(if: $b) } ${fragments.join(' ')}`,
    variables: { a: chance(0.5), b: chance(0.5) }
  }
}

/** A small seeded generator of numbers in [0, 1). */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
