import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import { FAULTS, type FaultCode } from '../../platform/errors.ts'
import type { Limits } from './limits.ts'

/** The request is refused before anything runs; every error carries `extensions.code`. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly errors: readonly GraphQLError[]
  /** HTTP status. */
  readonly status: number

  constructor(errors: readonly GraphQLError[], status: number) {
    super(errors[0]?.message ?? 'The request was refused.')
    this.errors = errors
    this.status = status
  }
}

/** graphql-js repeats the caller's own names and values, however long they are. */
const MAX_MESSAGE = 300

/** A refusal with one error. */
export function refuse(code: FaultCode, message: string, options: GraphQLErrorOptions = {}): RequestError {
  return new RequestError([coded(code, message, options)], FAULTS[code].status)
}

/** A refusal with what graphql-js found, each with the code. */
export function refuseAll(code: FaultCode, errors: readonly GraphQLError[]): RequestError {
  return new RequestError(
    errors.map(({ message, nodes, source, positions }) => coded(code, message, { nodes, source, positions })),
    FAULTS[code].status
  )
}

/** A refusal because of a limit, which `extensions.limit` names as the settings do. */
export function limitExceeded(limit: keyof Limits | 'validation' | 'introspection', message: string): RequestError {
  return refuse('OPERATION_LIMIT', message, { extensions: { limit } })
}

/** At most 300 characters of a message that may hold what the caller sent. */
export function short(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
}

function coded(code: FaultCode, message: string, options: GraphQLErrorOptions): GraphQLError {
  return new GraphQLError(short(message), { ...options, extensions: { ...options.extensions, code } })
}
