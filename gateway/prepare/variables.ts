import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST
} from 'graphql'
import { Bare } from '../execute/bare.ts'
import type { Limits } from './limits.ts'
import { measureVariables } from './measure-variables.ts'
import { NO_VARIABLES } from './request.ts'
import { RequestError, refuse } from './request-error.ts'

/** Coerced variables by the client's names. Throws RequestError BAD_USER_INPUT or OPERATION_LIMIT. */
export type CoerceVariables = (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

interface Variable {
  readonly name: string
  readonly type: GraphQLInputType
  /** Undefined when there is none. */
  readonly fallback: unknown
}

const MAX_ERRORS = 10
const NONE: Readonly<Record<string, unknown>> = Object.freeze(new Bare())

/** Compiles an operation's variable definitions against what the caller may see of the schema. */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] | undefined,
  limits: Limits
): CoerceVariables {
  const variables = (definitions ?? []).map(definition => variable(schema, definition))
  return given => {
    if (given !== NO_VARIABLES) measureVariables(given, limits)
    if (variables.length === 0) return NONE
    const coerced = new Bare()
    const refusals: string[] = []
    for (const each of variables) coerce(each, given, coerced, refusals)
    if (refusals.length > 0) {
      throw new RequestError(
        refusals.slice(0, MAX_ERRORS).flatMap(message => refuse('BAD_USER_INPUT', message).errors),
        400
      )
    }
    return coerced
  }
}

function variable(schema: GraphQLSchema, definition: VariableDefinitionNode): Variable {
  const type = typeFromAST(schema, definition.type)
  // Validation has refused every other type.
  if (!isInputType(type))
    throw refuse('GRAPHQL_VALIDATION_FAILED', `Variable "$${definition.variable.name.value}" needs an input type.`)
  const fallback = definition.defaultValue ? valueFromAST(definition.defaultValue, type) : undefined
  return { name: definition.variable.name.value, type, fallback }
}

function coerce(
  { name, type, fallback }: Variable,
  given: Readonly<Record<string, unknown>>,
  coerced: Record<string, unknown>,
  refusals: string[]
): void {
  if (!Object.hasOwn(given, name)) {
    if (fallback !== undefined) coerced[name] = fallback
    else if (isNonNullType(type)) refusals.push(`Variable "$${name}" of required type "${type}" was not provided.`)
    return
  }
  const value = given[name]
  if (value === null && isNonNullType(type)) {
    refusals.push(`Variable "$${name}" of non-null type "${type}" must not be null.`)
    return
  }
  coerced[name] = coerceInputValue(
    value,
    type,
    (path, _, error) => {
      if (refusals.length < MAX_ERRORS) refusals.push(refusal(name, path, error.message))
    },
    true
  )
}

function refusal(name: string, path: readonly (string | number)[], message: string): string {
  const place = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return `Variable "$${name}${place}" got an invalid value; ${message}`
}
