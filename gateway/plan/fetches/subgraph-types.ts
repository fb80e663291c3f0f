import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parseType,
  print,
  type SelectionSetNode,
  type TypeNode
} from 'graphql'
import { stringArgument, trueArgument } from '../../../policies/linked-names.ts'
import { contextArguments, contextDirective, settersOf } from '../contexts.ts'
import { atOnce, type Steps } from '../in-slices.ts'
import { fieldIn, parseFieldSet } from './field-set.ts'

/** A composite type as one subgraph knows it. */
export interface TypeIn {
  readonly name: string
  readonly subgraph: string
  readonly isAbstract: boolean
  /** An interface that the subgraph knows as an object: it cannot say which type a row has. */
  readonly isInterfaceObject: boolean
  readonly fields: ReadonlyMap<string, FieldIn>
  /** Keys by which its rows can be asked for. */
  readonly keys: readonly SelectionSetNode[]
  /** Equal for types of one subgraph whose rows can be asked for alike. */
  readonly keysIdentity: string
  /** Names that a row may carry here: object types, and interfaces that are known as objects. */
  readonly members: readonly string[]
}

/** A field as one subgraph knows it. */
export interface FieldIn {
  readonly name: string
  readonly type: TypeNode
  readonly named: string
  /** Whether the subgraph answers it wherever it has a row; otherwise only where a key or `@provides` says so. */
  readonly isOwn: boolean
  readonly requires: SelectionSetNode | null
  readonly provides: SelectionSetNode | null
  readonly contexts: readonly FromContext[]
  /** Its subgraph makes it of something that it has to be told: of `requires` or `contexts`. */
  readonly isMade: boolean
  /** Equal for fields of several types that are to be had alike. */
  readonly identity: string
}

/** An argument that is told from around the field's row. */
export interface FromContext {
  readonly argument: string
  readonly type: string
  /** The types of which the nearest one around tells it. */
  readonly setters: ReadonlySet<string>
  readonly selection: SelectionSetNode
  /** Equal for what is told alike of the same row. */
  readonly identity: string
}

/** Who resolves a field. */
export interface Holder {
  readonly type: TypeIn
  readonly field: FieldIn
}

/** A supergraph, read as the subgraphs that it was composed of. */
export interface SubgraphTypes {
  readonly schema: GraphQLSchema
  readonly subgraphs: readonly string[]
  typeIn(name: string, subgraph: string): TypeIn | undefined
  /** Who answers the field for any row of the type. */
  holders(typename: string, field: string): readonly Holder[]
  /** As what a row of the type can be asked for by a key, and where. */
  entrances(typename: string): readonly TypeIn[]
  /** All as which subgraphs know rows of the type. */
  seenAs(typename: string): readonly TypeIn[]
  /** Whether a row that carries `typename` is selected by `... on condition`. */
  meets(typename: string, condition: string): boolean
  /** Whether it matters to something below that a row is of this very type. */
  setsContext(typename: string): boolean
  /** What the field sets say of a field of the type. */
  told(sets: readonly SelectionSetNode[], typename: string, field: string): readonly SelectionSetNode[] | undefined
}

/** Reads who knows what. `active` are the labels of progressive overrides that apply. */
export function readSubgraphTypes(schema: GraphQLSchema, active?: ReadonlySet<string>): SubgraphTypes {
  return atOnce(subgraphTypesSteps(schema, active))
}

/** The same in steps, since there may be thousands of types. */
export function* subgraphTypesSteps(
  schema: GraphQLSchema,
  active: ReadonlySet<string> = new Set()
): Steps<SubgraphTypes> {
  const names = graphNames(schema)
  const types = new Map<string, Map<string, TypeIn>>()
  const contexts = new Contexts(schema)
  const read = new TypeReader(schema, names, active, contexts)
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type) || isUnionType(type)) types.set(type.name, read.type(type))
    yield
  }
  for (const bySubgraph of types.values()) {
    yield
    for (const [subgraph, type] of bySubgraph) bySubgraph.set(subgraph, asItsMembers(type, types))
  }
  const meets = memoized((typename: string, condition: string) => {
    if (typename === condition) return true
    const [type, abstract] = [schema.getType(typename), schema.getType(condition)]
    if (!isInterfaceType(abstract) && !isUnionType(abstract)) return false
    return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type)
  })
  /** The type itself, and for an object the interfaces as which some subgraphs know it. */
  const seenAs = memoized((typename: string): readonly TypeIn[] => {
    const type = schema.getType(typename)
    const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []
    const asObject = interfaces.flatMap(({ name }) =>
      [...(types.get(name)?.values() ?? [])].filter(each => each.isInterfaceObject)
    )
    return [...(types.get(typename)?.values() ?? []), ...asObject]
  })
  const told: SubgraphTypes['told'] = (sets, typename, field) =>
    sets.length === 0 ? undefined : fieldIn(sets, typename, field, meets)
  return {
    schema,
    subgraphs: [...names.values()],
    typeIn: (name, subgraph) => types.get(name)?.get(subgraph),
    holders: memoized((typename, name) =>
      seenAs(typename).flatMap(type => {
        const field = type.fields.get(name)
        return field?.isOwn ? [{ type, field }] : []
      })
    ),
    seenAs,
    entrances: memoized(typename => seenAs(typename).filter(type => type.keys.length > 0)),
    meets,
    setsContext: memoized(typename => contexts.setters.some(setter => meets(typename, setter))),
    told
  }
}

/** A subgraph answers an interface's field where it does for each of its types. */
function asItsMembers(type: TypeIn, types: ReadonlyMap<string, ReadonlyMap<string, TypeIn>>): TypeIn {
  if (!type.isAbstract || type.members.includes(type.name)) return type
  const members = type.members.map(name => types.get(name)?.get(type.subgraph)?.fields)
  const fields = [...type.fields].map(([name, field]): [string, FieldIn] => {
    const isOwn = members.every(each => each?.get(name)?.isOwn && !each.get(name)?.isMade)
    return [name, { ...field, isOwn }]
  })
  return { ...type, fields: new Map(fields) }
}

/** Who sets the contexts of a supergraph. */
class Contexts {
  readonly #schema: GraphQLSchema
  readonly #directive: string | null
  readonly #known = new Map<string, ReadonlySet<string>>()

  constructor(schema: GraphQLSchema) {
    const nodes: readonly (DefinitionNode | null | undefined)[] = [schema.astNode, ...schema.extensionASTNodes]
    this.#schema = schema
    this.#directive = contextDirective({ kind: Kind.DOCUMENT, definitions: nodes.flatMap(node => node ?? []) })
  }

  /** The types that set a context from which something is told. */
  get setters(): readonly string[] {
    return [...this.#known.values()].flatMap(names => [...names])
  }

  of(join: ConstDirectiveNode): readonly FromContext[] {
    return contextArguments(join).map(({ context, name, type, selection }) => {
      const text = print(selection)
      // Which type a row has is not always fetched; better refused than told wrong.
      if (/\b__typename\b/.test(text)) throw new Error(`a value of the context ${context} cannot be a __typename`)
      const identity = JSON.stringify([context, type, text])
      return { argument: name, type, setters: this.#settersOf(context), selection, identity }
    })
  }

  #settersOf(context: string): ReadonlySet<string> {
    const known = this.#known.get(context)
    if (known) return known
    const types = this.#directive === null ? [] : settersOf(context, this.#schema, this.#directive)
    const names = new Set(types.map(({ name }) => name))
    this.#known.set(context, names)
    return names
  }
}

class TypeReader {
  readonly #schema: GraphQLSchema
  readonly #names: ReadonlyMap<string, string>
  readonly #active: ReadonlySet<string>
  readonly #contexts: Contexts

  constructor(
    schema: GraphQLSchema,
    names: ReadonlyMap<string, string>,
    active: ReadonlySet<string>,
    contexts: Contexts
  ) {
    this.#schema = schema
    this.#names = names
    this.#active = active
    this.#contexts = contexts
  }

  type(type: GraphQLNamedType): Map<string, TypeIn> {
    const joins = new Map<string, ConstDirectiveNode[]>()
    for (const join of applied(type, 'join__type')) {
      const subgraph = this.#subgraph(join)
      if (subgraph !== undefined) joins.set(subgraph, [...(joins.get(subgraph) ?? []), join])
    }
    return new Map([...joins].map(([subgraph, own]) => [subgraph, this.#typeIn(type, subgraph, own)]))
  }

  #typeIn(type: GraphQLNamedType, subgraph: string, joins: readonly ConstDirectiveNode[]): TypeIn {
    const isInterfaceObject = joins.some(join => trueArgument(join, 'isInterfaceObject'))
    const isAbstract = !isObjectType(type) && !isInterfaceObject
    const keys = joins.flatMap(join => {
      const fields = stringArgument(join, 'key')
      return fields && !isFalse(join, 'resolvable') ? [fields] : []
    })
    const fields = new Map<string, FieldIn>()
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of this.#fields(type, subgraph)) fields.set(field.name, field)
    }
    const members = isAbstract ? this.#members(type, subgraph) : []
    // An interface without types here has rows all the same: of whichever type they may be.
    if (members.length === 0) members.push(type.name)
    return {
      name: type.name,
      subgraph,
      isAbstract,
      isInterfaceObject,
      fields,
      keys: keys.map(parseFieldSet),
      keysIdentity: JSON.stringify(keys),
      members
    }
  }

  #fields(type: GraphQLObjectType | GraphQLInterfaceType, subgraph: string): readonly FieldIn[] {
    return Object.values(type.getFields()).flatMap(field => {
      const joins = applied(field, 'join__field')
      const declared = field.astNode?.type
      if (!declared) return []
      const join = joins.find(each => this.#subgraph(each) === subgraph)
      if (joins.length > 0 && !join) return []
      const text = join && stringArgument(join, 'type')
      const node = text ? parseType(text, { noLocation: true }) : declared
      const requires = (join && stringArgument(join, 'requires')) || null
      const provides = (join && stringArgument(join, 'provides')) || null
      const contexts = join ? this.#contexts.of(join) : []
      const isOwn = !join || this.#isOwn(join, joins)
      const told = contexts.map(each => [each.argument, each.identity])
      return [
        {
          name: field.name,
          type: node,
          named: namedOf(node),
          isOwn,
          requires: requires === null ? null : parseFieldSet(requires),
          provides: provides === null ? null : parseFieldSet(provides),
          contexts,
          isMade: requires !== null || contexts.length > 0,
          identity: JSON.stringify([String(field.type), text ?? '', isOwn, requires, provides, told])
        }
      ]
    })
  }

  #isOwn(join: ConstDirectiveNode, all: readonly ConstDirectiveNode[]): boolean {
    if (trueArgument(join, 'external')) return false
    const isActive = (label: string) => this.#active.has(label)
    const label = stringArgument(join, 'overrideLabel')
    // Both sides of a progressive override carry its label: who takes over has the field when it applies, the other when not.
    if (label !== null) return isActive(label) === (stringArgument(join, 'override') !== null)
    const taker = all.find(
      other => stringArgument(other, 'overrideLabel') !== null && this.#isNamed(stringArgument(other, 'override'), join)
    )
    // Only some requests are taken over; the field is still here for the others.
    if (taker) return !isActive(stringArgument(taker, 'overrideLabel') ?? '')
    return !trueArgument(join, 'usedOverridden')
  }

  #isNamed(name: string | null, join: ConstDirectiveNode): boolean {
    return name !== null && (name === this.#subgraph(join) || name === stringArgument(join, 'graph'))
  }

  #members(type: GraphQLNamedType, subgraph: string): string[] {
    if (isUnionType(type)) {
      const joins = applied(type, 'join__unionMember')
      const all = type.getTypes().map(({ name }) => name)
      if (joins.length === 0) return all
      const here = new Set(
        joins.flatMap(join => (this.#subgraph(join) === subgraph ? [stringArgument(join, 'member') ?? ''] : []))
      )
      return all.filter(name => here.has(name))
    }
    return Object.values(this.#schema.getTypeMap())
      .filter(member => {
        if (!isObjectType(member) && !this.#isObjectHere(member, subgraph)) return false
        return applied(member, 'join__implements').some(
          join => this.#subgraph(join) === subgraph && stringArgument(join, 'interface') === type.name
        )
      })
      .map(({ name }) => name)
  }

  #isObjectHere(type: GraphQLNamedType, subgraph: string): boolean {
    return applied(type, 'join__type').some(
      join => this.#subgraph(join) === subgraph && trueArgument(join, 'isInterfaceObject')
    )
  }

  #subgraph(join: ConstDirectiveNode): string | undefined {
    return this.#names.get(stringArgument(join, 'graph') ?? '')
  }
}

interface Annotated {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
}

function applied(element: Annotated, name: string): readonly ConstDirectiveNode[] {
  return element.astNode?.directives?.filter(directive => directive.name.value === name) ?? []
}

function isFalse(directive: ConstDirectiveNode, name: string): boolean {
  const value = directive.arguments?.find(argument => argument.name.value === name)?.value
  return value?.kind === Kind.BOOLEAN && !value.value
}

export function namedOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type)
}

function graphNames(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const type = schema.getType('join__Graph')
  const values = type && 'getValues' in type ? type.getValues() : []
  return new Map(
    values.map(value => {
      const [graph] = applied(value, 'join__graph')
      return [value.name, (graph && stringArgument(graph, 'name')) ?? value.name]
    })
  )
}

function memoized<Value>(compute: (a: string, b: string) => Value): (a: string, b?: string) => Value {
  const known = new Map<string, Value>()
  return (a, b = '') => {
    const key = `${a} ${b}`
    const found = known.get(key)
    if (found !== undefined) return found
    const value = compute(a, b)
    known.set(key, value)
    return value
  }
}
