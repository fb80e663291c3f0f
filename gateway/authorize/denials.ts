import { GraphQLError } from 'graphql'
import type { Reason } from '../execute/failure.ts'
import { RequestError } from '../prepare/request-error.ts'

/** A part of an operation that its caller may not have. Which rule denies it is nobody's business (security A76). */
export interface Denial {
  /** Response keys from the root; undefined of a variable. */
  readonly path: readonly string[] | undefined
  readonly reason: Reason
}

/** As many as an answer tells of at most. */
export const MAX_DENIALS = 100

const CODE = 'UNAUTHORIZED_FIELD_OR_TYPE'
const STATUS = 403

/** The denial of what stands at the response path, or of the fragment on `condition` there. */
export function denial(path: readonly string[], condition: string | null = null): Denial {
  return { path, reason: reason([...path, ...(condition === null ? [] : [`... on ${condition}`])].join('.')) }
}

/** The denial of what a variable gives. */
export function deniedVariable(name: string): Denial {
  return { path: undefined, reason: reason(`$${name}`) }
}

/** The refusal of a whole request, before anything has run. */
export function unauthorized(denials: readonly Denial[]): RequestError {
  const errors = denials.map(
    ({ path, reason: { message, extensions } }) =>
      new GraphQLError(message, { ...(path && { path }), extensions: { ...extensions } })
  )
  return new RequestError(errors, STATUS)
}

function reason(affectedPath: string): Reason {
  return { message: 'Unauthorized field or type', extensions: { code: CODE, affectedPath } }
}
