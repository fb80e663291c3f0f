import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  GraphQLInt,
  getNamedType,
  Kind,
  type ValueNode,
  valueFromAST
} from 'graphql'
import { isRecord } from '../execute/bare.ts'
import type { ListSize } from './cost-rules.ts'

/** Coerced variables by the client's names. */
export type Variables = Readonly<Record<string, unknown>>

/** How many items a list may hold. */
export type Size = number | ((variables: Variables) => number)

/** What pages are asked for by when the graph does not say it. */
const SLICING = ['first', 'last', 'limit']
/** So that products of sizes stay numbers. */
const MAX_SIZE = 1e9

/** The size that a field's slicing arguments say, or that the graph assumes; null when nothing is said of it. */
export function sliceSize(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  rule: ListSize | undefined
): Size | null {
  // Nearly every field is like this.
  if (!rule && !field.args.some(({ name }) => SLICING.includes(name))) return null
  const paths = rule ? rule.slicingArguments : SLICING
  const slices = paths.flatMap(path => slice(node, field, path, rule !== undefined) ?? [])
  const assumed = rule?.assumedSize ?? null
  if (slices.length === 0) return assumed === null ? null : clamp(assumed)

  const otherwise = assumed ?? 1
  const known = slices.filter(each => typeof each === 'number')
  if (known.length === slices.length) return largest(known, otherwise)
  return variables =>
    largest(
      slices.map(each => (typeof each === 'number' ? each : each(variables))),
      otherwise
    )
}

/** What one slicing argument says: a size, NaN for nothing in this request. Undefined when the field has no such argument. */
function slice(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  path: string,
  isNamed: boolean
): Size | undefined {
  const [name, ...below] = path.split('.')
  const argument = field.args.find(each => each.name === name)
  if (!argument || (!isNamed && getNamedType(argument.type) !== GraphQLInt)) return undefined
  const given = node.arguments?.find(each => each.name.value === name)
  if (!given) return at(argument.defaultValue, below)
  return isConstant(given.value)
    ? at(valueFromAST(given.value, argument.type), below)
    : variables => at(argumentValue(given, argument, variables), below)
}

function argumentValue({ value }: ArgumentNode, argument: GraphQLArgument, variables: Variables): unknown {
  if (value.kind !== Kind.VARIABLE) return valueFromAST(value, argument.type, variables)
  const given = variables[value.name.value]
  return given === undefined ? argument.defaultValue : given
}

function isConstant(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return false
  if (value.kind === Kind.LIST) return value.values.every(isConstant)
  return value.kind !== Kind.OBJECT || value.fields.every(field => isConstant(field.value))
}

function at(value: unknown, path: readonly string[]): number {
  let found = value
  for (const key of path) found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined
  return typeof found === 'number' ? found : Number.NaN
}

function largest(sizes: readonly number[], otherwise: number): number {
  let max = Number.NaN
  for (const size of sizes) if (!(size <= max) && !Number.isNaN(size)) max = size
  return clamp(Number.isNaN(max) ? otherwise : max)
}

function clamp(size: number): number {
  return Math.max(0, Math.min(size, MAX_SIZE))
}
