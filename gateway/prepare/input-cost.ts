import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  valueFromAST
} from 'graphql'
import { isRecord } from '../execute/bare.ts'
import type { Size } from './list-size.ts'

type Weights = ReadonlyMap<string, number>

/** What a given argument costs by `@cost` on it and on the input fields below it; 0 without one. */
export function inputCost(
  argument: GraphQLArgument,
  node: FieldNode,
  owners: readonly string[],
  weights: Weights
): Size {
  if (weights.size === 0) return 0
  const given = node.arguments?.find(({ name }) => name.value === argument.name)
  if (!given) return 0
  const weight = Math.max(0, ...owners.map(owner => weights.get(`${owner}(${argument.name}:)`) ?? 0))
  if (!isWeighted(argument.type, weights, new Set())) return weight
  return variables => weight + below(argument.type, valueFromAST(given.value, argument.type, variables), weights)
}

/** Whether some input field below a type has a weight. */
function isWeighted(type: GraphQLInputType, weights: Weights, seen: Set<string>): boolean {
  const named = getNamedType(type)
  if (!isInputObjectType(named) || seen.has(named.name)) return false
  seen.add(named.name)
  return Object.values(named.getFields()).some(
    field => weights.has(`${named.name}.${field.name}`) || isWeighted(field.type, weights, seen)
  )
}

function below(type: GraphQLInputType, value: unknown, weights: Weights): number {
  if (isNonNullType(type)) return below(type.ofType, value, weights)
  if (isListType(type)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.reduce<number>((sum, item) => sum + below(type.ofType, item, weights), 0)
  }
  if (!isInputObjectType(type) || !isRecord(value)) return 0
  let sum = 0
  for (const field of Object.values(type.getFields())) {
    if (!Object.hasOwn(value, field.name)) continue
    sum += (weights.get(`${type.name}.${field.name}`) ?? 0) + below(field.type, value[field.name], weights)
  }
  return sum
}
