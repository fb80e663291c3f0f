import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { Fault } from '../errors.ts'
import type { SubgraphError } from './executor.ts'

/**
 * An error as it may leave a subgraph: faults and GraphQL errors as they are, anything else logged whole and shown as
 * INTERNAL with the id under which it is in the log.
 */
export function shownError(
  error: GraphQLError,
  logger: Pick<Logger, 'error'>,
  about: Readonly<Record<string, unknown>>
): SubgraphError {
  const place = error.path ? { path: error.path } : {}
  const cause = originOf(error)
  if (cause instanceof Fault) {
    return { message: cause.message, ...place, extensions: { ...cause.details, code: cause.code } }
  }
  if (cause instanceof GraphQLError) {
    const { http: _, ...extensions } = error.extensions
    return { message: error.message, ...place, extensions }
  }
  const id = randomUUID()
  logger.error({ id, path: error.path, ...about, err: cause }, 'a resolver failed')
  return {
    message: `Something failed on our side; report this id: ${id}.`,
    ...place,
    extensions: { code: 'INTERNAL', id }
  }
}

/** GraphQL errors wrap what was thrown, sometimes twice; what was thrown decides. */
function originOf(error: GraphQLError): Error {
  let cause: Error = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}
