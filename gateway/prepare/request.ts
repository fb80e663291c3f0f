import { isRecord } from '../execute/bare.ts'
import { refuse } from './request-error.ts'

/** A GraphQL request as it came over the wire: nothing about it is known yet. */
export interface GraphQLRequest {
  readonly query?: unknown
  /** Names a document that the router holds, instead of `query`. */
  readonly documentId?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
}

/** The same with its shape checked. */
export interface ShapedRequest {
  /** Null when there is none, or an empty one; then `documentId` or `hash` is there. */
  readonly query: string | null
  readonly documentId: string | null
  /** `extensions.persistedQuery.sha256Hash`. */
  readonly hash: string | null
  /** Null also for the empty name, which many clients send. */
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** The request asks to see its query plan. */
  readonly wantsPlan: boolean
}

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,254}$/
const MAX_ID = 1024

/** The variables of a request that has none. */
export const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze({})

/** Checks the request's outer shape. Throws RequestError BAD_REQUEST. */
export function shapeRequest(request: GraphQLRequest): ShapedRequest {
  const { query, documentId, operationName, variables, extensions } = request
  if (query !== undefined && query !== null && typeof query !== 'string') throw noText('query')
  if (variables !== undefined && variables !== null && !isRecord(variables)) throw noObject('variables')
  if (extensions !== undefined && extensions !== null && !isRecord(extensions)) throw noObject('extensions')
  const id = identifier('documentId', documentId)
  const hash = extensions ? hashOf(extensions) : null
  if (!query && id === null && hash === null) {
    throw refuse('BAD_REQUEST', '"query" must be a text that holds a GraphQL document.')
  }
  return {
    query: query || null,
    documentId: id,
    hash,
    operationName: nameOf(operationName),
    variables: variables ?? NO_VARIABLES,
    wantsPlan: extensions ? Object.hasOwn(extensions, 'plan') && extensions['plan'] === true : false
  }
}

function nameOf(operationName: unknown): string | null {
  if (operationName === undefined || operationName === null || operationName === '') return null
  if (typeof operationName !== 'string') throw noText('operationName')
  if (!NAME.test(operationName)) throw refuse('BAD_REQUEST', '"operationName" is not a GraphQL name.')
  return operationName
}

function hashOf(extensions: Readonly<Record<string, unknown>>): string | null {
  const persisted = Object.hasOwn(extensions, 'persistedQuery') ? extensions['persistedQuery'] : undefined
  if (persisted === undefined || persisted === null) return null
  if (!isRecord(persisted) || persisted['version'] !== 1) {
    throw refuse('BAD_REQUEST', '"extensions.persistedQuery" must be an object with version 1 and "sha256Hash".')
  }
  const hash = identifier('extensions.persistedQuery.sha256Hash', persisted['sha256Hash'])
  if (hash === null) throw noText('extensions.persistedQuery.sha256Hash')
  return hash
}

function identifier(name: string, value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID) {
    throw refuse('BAD_REQUEST', `"${name}" must be a text of 1 to ${MAX_ID} characters.`)
  }
  return value
}

function noText(name: string): Error {
  return refuse(
    'BAD_REQUEST',
    `"${name}" must be a text${name === 'query' ? ' that holds a GraphQL document' : ' or null'}.`
  )
}

function noObject(name: string): Error {
  return refuse('BAD_REQUEST', `"${name}" must be an object or null.`)
}
