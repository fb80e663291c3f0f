import { createHash } from 'node:crypto'
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  parse
} from 'graphql'
import { apiSchema } from './api-schema.ts'
import { type Ownership, ownership } from './owners.ts'

/** One schema, numbered: what every view is a selection of (semantics K10). */
export interface Graph {
  readonly schema: GraphQLSchema
  readonly ownership: Ownership
  /** Number of a coordinate: `Type.field`, `Type.field(argument:)`, `Input.field`, `Enum.VALUE`; undefined when there is none. */
  bit(coordinate: string): number | undefined
  readonly size: number
  readonly coordinates: readonly string[]
  /** Changes whenever the schema does. */
  readonly hash: string
  field(type: string, field: string): GraphQLField<unknown, unknown> | undefined
  readonly roots: { readonly query: string; readonly mutation: string | null; readonly subscription: string | null }
  isRoot(type: string): boolean
}

/** Reads a supergraph into the schema that all views share. */
export function readGraph(supergraphSdl: string): Graph {
  const document = parse(supergraphSdl)
  const schema = apiSchema(document)
  const coordinates = Object.values(schema.getTypeMap()).flatMap(type =>
    isIntrospectionType(type) ? [] : coordinatesOf(type)
  )
  const numbers = new Map(coordinates.map((coordinate, i) => [coordinate, i]))
  const roots = {
    query: schema.getQueryType()?.name ?? 'Query',
    mutation: schema.getMutationType()?.name ?? null,
    subscription: schema.getSubscriptionType()?.name ?? null
  }
  return {
    schema,
    ownership: ownership(document),
    bit: coordinate => numbers.get(coordinate),
    size: coordinates.length,
    coordinates,
    hash: createHash('sha256').update(supergraphSdl).digest('hex'),
    field(type, field) {
      const named = schema.getType(type)
      return isObjectType(named) || isInterfaceType(named) ? named.getFields()[field] : undefined
    },
    roots,
    isRoot: type => type === roots.query || type === roots.mutation || type === roots.subscription
  }
}

function coordinatesOf(type: GraphQLNamedType): readonly string[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).flatMap(field => [
      `${type.name}.${field.name}`,
      ...field.args.map(argument => `${type.name}.${field.name}(${argument.name}:)`)
    ])
  }
  if (isInputObjectType(type)) return Object.keys(type.getFields()).map(field => `${type.name}.${field}`)
  return isEnumType(type) ? type.getValues().map(value => `${type.name}.${value.name}`) : []
}
