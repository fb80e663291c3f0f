import {
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  type GraphQLType,
  GraphQLUnionType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  specifiedDirectives,
  specifiedScalarTypes
} from 'graphql'
import type { Graph } from './graph.ts'
import { MASK_SCALARS } from './masks.ts'

/** What a view selects of the graph's schema, by coordinate. */
export interface Selection {
  isVisible(coordinate: string): boolean
  /** True where a non-null field can be null in this view, since it depends on the row (K4). */
  isNullable(coordinate: string): boolean
  /** The scalar that a mask puts in the place of a field's own; null for no mask. */
  outputOf(coordinate: string): string | null
}

/** Makes the schema of a view: the graph's types with what is not selected left out. Nothing of the rest is reachable from it. */
export function materialise(graph: Graph, selection: Selection): GraphQLSchema {
  return new Materialiser(graph, selection).schema()
}

class Materialiser {
  readonly #graph: Graph
  readonly #selection: Selection
  readonly #made = new Map<string, GraphQLNamedType>()

  constructor(graph: Graph, selection: Selection) {
    this.#graph = graph
    this.#selection = selection
  }

  schema(): GraphQLSchema {
    const { schema } = this.#graph
    const root = (type: GraphQLObjectType | undefined | null) =>
      type && this.#exists(type) ? (this.#named(type) as GraphQLObjectType) : undefined
    return new GraphQLSchema({
      description: schema.description,
      query: root(schema.getQueryType()),
      mutation: root(schema.getMutationType()),
      subscription: root(schema.getSubscriptionType()),
      // Reached through an interface alone.
      types: Object.values(schema.getTypeMap())
        .filter(t => isObjectType(t) && t.getInterfaces().length > 0 && this.#exists(t))
        .map(t => this.#named(t)),
      directives: specifiedDirectives
    })
  }

  #exists(type: GraphQLNamedType): boolean {
    if (isObjectType(type) || isInterfaceType(type)) {
      return Object.keys(type.getFields()).some(field => this.#selection.isVisible(`${type.name}.${field}`))
    }
    return !isUnionType(type) || type.getTypes().some(member => this.#exists(member))
  }

  #named(type: GraphQLNamedType): GraphQLNamedType {
    const known = this.#made.get(type.name)
    if (known) return known
    const made = this.#make(type)
    this.#made.set(type.name, made)
    return made
  }

  #make(type: GraphQLNamedType): GraphQLNamedType {
    const { name, description } = type
    const { isVisible } = this.#selection
    if (isObjectType(type)) {
      return new GraphQLObjectType({
        name,
        description,
        interfaces: () => this.#interfaces(type),
        fields: () => this.#fields(type)
      })
    }
    if (isInterfaceType(type)) {
      return new GraphQLInterfaceType({
        name,
        description,
        interfaces: () => this.#interfaces(type),
        fields: () => this.#fields(type)
      })
    }
    if (isUnionType(type)) {
      const members = () => type.getTypes().filter(member => this.#exists(member))
      return new GraphQLUnionType({
        name,
        description,
        types: () => members().map(member => this.#named(member) as GraphQLObjectType)
      })
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.toConfig().fields).length
      const kept = Object.entries(type.toConfig().fields).filter(([field]) => isVisible(`${name}.${field}`))
      const map = () =>
        Object.fromEntries(
          kept.map(([field, { astNode: _, ...config }]) => [
            field,
            { ...config, type: this.#wrapped(config.type) as GraphQLInputType }
          ])
        )
      return new GraphQLInputObjectType({ name, description, isOneOf: fields > 0 && type.isOneOf, fields: map })
    }
    if (isEnumType(type)) {
      const values = Object.entries(type.toConfig().values).filter(([value]) => isVisible(`${name}.${value}`))
      return new GraphQLEnumType({
        name,
        description,
        values: Object.fromEntries(values.map(([value, { astNode: _, ...config }]) => [value, config]))
      })
    }
    return type
  }

  #interfaces(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLInterfaceType[] {
    return type
      .getInterfaces()
      .filter(i => this.#exists(i))
      .map(i => this.#named(i) as GraphQLInterfaceType)
  }

  #fields(type: GraphQLObjectType | GraphQLInterfaceType): Record<string, GraphQLFieldConfig<unknown, unknown>> {
    const visible = Object.values(type.getFields()).filter(field =>
      this.#selection.isVisible(`${type.name}.${field.name}`)
    )
    return Object.fromEntries(visible.map(field => [field.name, this.#field(type.name, field)]))
  }

  #field(parent: string, field: GraphQLField<unknown, unknown>): GraphQLFieldConfig<unknown, unknown> {
    const coordinate = `${parent}.${field.name}`
    const output = this.#selection.outputOf(coordinate)
    const type = this.#wrapped(field.type, output === null ? null : this.#scalar(output)) as GraphQLOutputType
    const args: GraphQLFieldConfigArgumentMap = {}
    for (const { name, description, defaultValue, deprecationReason, type: argumentType } of field.args) {
      if (!this.#selection.isVisible(`${coordinate}(${name}:)`)) continue
      args[name] = {
        description,
        defaultValue,
        deprecationReason,
        type: this.#wrapped(argumentType) as GraphQLInputType
      }
    }
    return {
      description: field.description,
      deprecationReason: field.deprecationReason,
      args,
      type: this.#selection.isNullable(coordinate) && isNonNullType(type) ? type.ofType : type
    }
  }

  /** The same lists and non-nulls around this view's type. */
  #wrapped(type: GraphQLType, instead: GraphQLNamedType | null = null): GraphQLType {
    if (isNonNullType(type)) return new GraphQLNonNull(this.#wrapped(type.ofType, instead) as GraphQLOutputType)
    if (isListType(type)) return new GraphQLList(this.#wrapped(type.ofType, instead))
    return instead ?? this.#named(getNamedType(type))
  }

  #scalar(name: string): GraphQLNamedType {
    const builtIn = specifiedScalarTypes.find(type => type.name === name)
    const type = builtIn ?? this.#graph.schema.getType(name) ?? MASK_SCALARS.get(name)
    if (!type) throw new Error(`no scalar ${name}`)
    return this.#named(type)
  }
}
