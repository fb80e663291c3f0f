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
import { limitExceeded } from './measure.ts'
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
const MAX_MESSAGE = 300
const NONE: Readonly<Record<string, unknown>> = Object.freeze(new Bare())

/** Compiles an operation's variable definitions against what the caller may see of the schema. */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] | undefined,
  maxDepth: number
): CoerceVariables {
  const variables = (definitions ?? []).map(definition => variable(schema, definition))
  if (variables.length === 0) return () => NONE
  return given => {
    const coerced = new Bare()
    const refusals: string[] = []
    for (const each of variables) coerce(each, given, coerced, refusals, maxDepth)
    if (refusals.length > 0) {
      throw new RequestError(
        refusals.flatMap(message => refuse('BAD_USER_INPUT', message).errors),
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
  refusals: string[],
  maxDepth: number
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
  if (deeperThan(value, maxDepth)) throw limitExceeded(`Variable "$${name}" is nested deeper than ${maxDepth} levels.`)
  coerced[name] = coerceInputValue(
    value,
    type,
    (path, _, error) => {
      if (refusals.length < MAX_ERRORS) refusals.push(refusal(name, path, error.message))
    },
    true
  )
}

/** The given value is not repeated in full: it may be huge. */
function refusal(name: string, path: readonly (string | number)[], message: string): string {
  const place = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  const text = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
  return `Variable "$${name}${place}" got an invalid value; ${text}`
}

function deeperThan(value: unknown, limit: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      if (depth >= limit) return true
      for (const child of Object.values(item)) next.push(child)
    }
    level = next
  }
  return false
}
