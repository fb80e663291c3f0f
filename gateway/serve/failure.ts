import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { RequestError } from '../engine.ts'

export interface Failure {
  readonly status: number
  readonly errors: readonly GraphQLError[]
}

/** The one place where anything thrown becomes what a caller may read: known faults as they are, bugs masked and logged. */
export function failure(thrown: unknown, logger: Logger): Failure {
  if (thrown instanceof RequestError) return { status: thrown.status, errors: thrown.errors }
  if (thrown instanceof Fault) return { status: thrown.status, errors: [thrown.toGraphQL()] }
  const id = newId('err')
  logger.error({ err: thrown, errorId: id }, 'unexpected error')
  const message = 'Something went wrong on our side. Try again; if it stays, report the error id.'
  return { status: 500, errors: [new GraphQLError(message, { extensions: { code: 'INTERNAL', id } })] }
}
