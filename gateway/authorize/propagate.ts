import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode
} from 'graphql'
import { checked } from './declared.ts'
import { all, implies, minimal, NOTHING, type Requirement } from './requirement.ts'
import { type Source, sourcesOf } from './sources.ts'

type Rules = ReadonlyMap<string, Requirement>

/**
 * What each type and field really takes, beyond what is written on it: a field takes what its own type takes, and what
 * the fields take that its subgraph makes it of, again and again (security A10 to A13); an interface takes what all of
 * its implementations take (A2, A3); a rule that stands on an interface alone holds for each of them (A1, A19).
 */
export function propagate(declared: Rules, schema: GraphQLSchema, contextDirective: string | null): Rules {
  const types = Object.values(schema.getTypeMap()).filter(type => !type.name.startsWith('__'))
  const objects = types.filter(isObjectType)
  const interfaces = types.filter(isInterfaceType)
  const rules = new Map(declared)
  const add = (coordinate: string, more: Requirement): boolean => {
    const known = rules.get(coordinate) ?? NOTHING
    const merged = all([known, more])
    if (merged.size > 0) rules.set(coordinate, merged)
    return merged.size > known.size
  }

  for (const type of interfaces) handDown(type, schema, declared, add)
  for (const object of objects) {
    for (const field of Object.values(object.getFields())) {
      const named = getNamedType(field.type)
      // Which of the members is there is not known before it is: see the reading of operations.
      if (!isAbstractType(named)) add(`${object.name}.${field.name}`, rules.get(named.name) ?? NOTHING)
    }
  }

  const taken = objects.flatMap(object =>
    Object.values(object.getFields()).flatMap(field => {
      const coordinate = `${object.name}.${field.name}`
      return checked(coordinate, () => sourcesOf(object, field.name, schema, contextDirective)).map(source => ({
        coordinate,
        source
      }))
    })
  )
  for (let changed = true; changed; ) {
    changed = false
    for (const { coordinate, source } of taken) {
      if (add(coordinate, taking(source, schema, rules))) changed = true
    }
  }

  for (const type of interfaces) {
    const members = schema.getPossibleTypes(type)
    add(type.name, all(members.map(member => rules.get(member.name) ?? NOTHING)))
    for (const name of Object.keys(type.getFields())) {
      add(`${type.name}.${name}`, all(members.map(member => rules.get(`${member.name}.${name}`) ?? NOTHING)))
    }
  }
  return new Map([...rules].map(([coordinate, required]) => [coordinate, minimal(required)]))
}

/**
 * Composition writes on an interface what its implementations have in common or apart. What it does not explain was
 * written on the interface itself, or on an interface object, and whoever asks an implementation must not get round it.
 */
function handDown(
  type: GraphQLInterfaceType,
  schema: GraphQLSchema,
  declared: Rules,
  add: (coordinate: string, more: Requirement) => boolean
): void {
  const members = schema.getPossibleTypes(type)
  for (const suffix of ['', ...Object.keys(type.getFields()).map(name => `.${name}`)]) {
    const own = declared.get(type.name + suffix)
    if (!own) continue
    const theirs = all(members.map(member => declared.get(member.name + suffix) ?? NOTHING))
    if (checked(type.name + suffix, () => implies(theirs, own))) continue
    for (const member of members) add(member.name + suffix, own)
  }
}

/** What all that a subgraph is given takes. */
function taking({ types, selection }: Source, schema: GraphQLSchema, rules: Rules): Requirement {
  const found: Requirement[] = []
  const ruleOf = (coordinate: string) => found.push(rules.get(coordinate) ?? NOTHING)

  const read = (set: SelectionSetNode, members: readonly GraphQLObjectType[]): void => {
    for (const node of set.selections) {
      if (node.kind === 'FragmentSpread') continue
      if (node.kind === 'InlineFragment') {
        const condition = node.typeCondition ? schema.getType(node.typeCondition.name.value) : undefined
        const narrowed = isCompositeType(condition) ? possible(condition, schema) : members
        const meeting = members.filter(member => narrowed.includes(member))
        for (const member of meeting) ruleOf(member.name)
        read(node.selectionSet, meeting)
        continue
      }
      for (const member of members) {
        const field = member.getFields()[node.name.value]
        if (!field) continue
        ruleOf(`${member.name}.${field.name}`)
        const named = getNamedType(field.type)
        if (!node.selectionSet || !isCompositeType(named)) continue
        const inner = possible(named, schema)
        // Whatever is asked of all members tells of each.
        if (node.selectionSet.selections.some(each => each.kind === 'Field')) {
          for (const each of inner) ruleOf(each.name)
        }
        read(node.selectionSet, inner)
      }
    }
  }

  for (const type of types) {
    const members = possible(type, schema)
    for (const member of members) ruleOf(member.name)
    read(selection, members)
  }
  return all(found)
}

function possible(type: Parameters<typeof isCompositeType>[0], schema: GraphQLSchema): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type)
  return isObjectType(type) ? [type] : []
}
