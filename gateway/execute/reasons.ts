import { FAULTS, Fault, type FaultCode } from '../../platform/errors.ts'
import type { SubgraphError } from '../../platform/executor/executor.ts'
import { Unanswered } from '../../platform/executor/unanswered.ts'
import { newId } from '../../platform/ids.ts'
import type { Reason } from './failure.ts'

/** Writes what the caller must not see where operators find it. */
export type Report = (about: Readonly<Record<string, unknown>>, message: string) => void

/** A part of the answer could not be had in time, or at all. */
export const UNAVAILABLE: Reason = {
  message: 'A part of the answer is not available at the moment; try again.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' }
}
const TIMEOUT: Reason = { message: 'A part of the answer took too long; try again.', extensions: { code: 'TIMEOUT' } }

/** Codes by which a subgraph speaks to the caller. What the others say is between the subgraph and the router. */
const SPOKEN: ReadonlySet<string> = new Set<FaultCode>([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'CURSOR_EXPIRED',
  'CURSOR_INVALID',
  'GRANT_WITHDRAWN',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT'
])
/** graphql-js on values that only the subgraph could judge, such as those of its own scalars. */
const ABOUT_INPUT = /^(Argument ".*" (of|has)|Variable "\$.*" |Expected value of type |Expected type |Value )/s
/** Details that tell of the inside, as one server or another names them. */
const INSIDE =
  /^(stack_?trace|stack|trace|exception|debug.*|original_?error|cause|file|line|sql|query|service(_?name)?|url|http)$/i
const REPRESENTATIONS = /\$(representations|__batch_reps_)/

/** What the caller may know of a subgraph's error; the rest is reported. */
export function reasonOf(error: SubgraphError, subgraph: string, report: Report): Reason {
  const code = error.extensions?.['code']
  if (typeof code === 'string' && SPOKEN.has(code) && isFaultCode(code) && !REPRESENTATIONS.test(error.message)) {
    return { message: short(error.message), extensions: { ...shown(error.extensions), code } }
  }
  const judged = code === undefined || code === 'GRAPHQL_VALIDATION_FAILED' || code === 'INTERNAL_SERVER_ERROR'
  if (judged && ABOUT_INPUT.test(error.message) && !REPRESENTATIONS.test(error.message)) {
    return { message: short(error.message), extensions: { code: 'BAD_USER_INPUT' } }
  }
  const given = error.extensions?.['id']
  return internal(
    typeof given === 'string' ? given : newId('err'),
    { subgraph, error },
    'a subgraph answered with an error',
    report
  )
}

/** What the caller may know of a fetch that failed whole. */
export function reasonOfThrown(
  thrown: unknown,
  subgraph: string,
  signal: AbortSignal | undefined,
  report: Report
): Reason {
  if (signal?.aborted) return TIMEOUT
  if (thrown instanceof Fault && (thrown.code === 'SUBGRAPH_UNAVAILABLE' || thrown.code === 'TIMEOUT')) {
    // A line for each question to a subgraph that is left alone would drown what it is left alone for.
    if (!(thrown instanceof Unanswered && thrown.unasked))
      report({ subgraph, err: thrown }, 'a subgraph did not answer')
    return thrown.code === 'TIMEOUT' ? TIMEOUT : UNAVAILABLE
  }
  return internal(newId('err'), { subgraph, err: thrown }, 'a fetch failed', report)
}

/** A subgraph broke the protocol. */
export function brokenAnswer(subgraph: string, what: string, report: Report): Reason {
  return internal(newId('err'), { subgraph, what }, 'a subgraph gave a broken answer', report)
}

function internal(id: string, about: Readonly<Record<string, unknown>>, what: string, report: Report): Reason {
  report({ ...about, errorId: id }, what)
  return { message: `Something failed on our side; report this id: ${id}.`, extensions: { code: 'INTERNAL', id } }
}

function shown(extensions: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(extensions ?? {}).filter(([name]) => !INSIDE.test(name)))
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULTS, code)
}

const MAX_MESSAGE = 300

/** graphql-js repeats the caller's own value in its messages, however long it is. */
function short(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
}
