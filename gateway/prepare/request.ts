import { isRecord } from '../execute/bare.ts'
import { refuse } from './request-error.ts'

/** A GraphQL request as it came over the wire: nothing about it is known yet. */
export interface GraphQLRequest {
  readonly query?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
}

/** The same with its shape checked. */
export interface ShapedRequest {
  readonly text: string
  /** Null also for the empty name, which many clients send. */
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** The request asks to see its query plan. */
  readonly wantsPlan: boolean
}

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,254}$/
const NONE: Readonly<Record<string, unknown>> = Object.freeze({})

/** Checks the request's outer shape. Throws RequestError BAD_REQUEST. */
export function shapeRequest({ query, operationName, variables, extensions }: GraphQLRequest): ShapedRequest {
  if (typeof query !== 'string' || query === '') {
    throw refuse('BAD_REQUEST', '"query" must be a text that holds a GraphQL document.')
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw refuse('BAD_REQUEST', '"operationName" must be a text or null.')
  }
  const name = operationName || null
  if (name !== null && !NAME.test(name)) throw refuse('BAD_REQUEST', '"operationName" is not a GraphQL name.')
  if (variables !== undefined && variables !== null && !isRecord(variables)) {
    throw refuse('BAD_REQUEST', '"variables" must be an object or null.')
  }
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) {
    throw refuse('BAD_REQUEST', '"extensions" must be an object or null.')
  }
  return {
    text: query,
    operationName: name,
    variables: variables ?? NONE,
    wantsPlan: extensions ? Object.hasOwn(extensions, 'plan') && extensions['plan'] === true : false
  }
}
