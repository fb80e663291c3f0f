import { Fault } from '../errors.ts'

/** What a failure says about the next attempt. */
export interface Outlook {
  /** The same query may be answered when it is asked again. */
  readonly again: boolean
  /** The subgraph is in trouble, whatever it is asked. */
  readonly down: boolean
  /** Nothing was asked, since the subgraph is left alone; that it is has been told. */
  readonly unasked?: boolean
}

/** Why a subgraph gave no GraphQL response. The message is for the log: what clients read is chosen elsewhere. */
export class Unanswered extends Fault {
  readonly again: boolean
  readonly down: boolean
  readonly unasked: boolean

  constructor(
    code: 'SUBGRAPH_UNAVAILABLE' | 'TIMEOUT',
    subgraph: string,
    message: string,
    { again, down, unasked = false }: Outlook,
    cause?: unknown
  ) {
    super(code, message, { subgraph }, { cause })
    this.again = again
    this.down = down
    this.unasked = unasked
  }
}

const SLOW = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
/** The connection could not be made or broke: a server that went away, or closed an idle connection as it was used. */
const LOST = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN'
])
/** The question's or the router's own doing. */
const OURS = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED'])

/** What a failed connection means. */
export function unreachable(error: unknown, subgraph: string): Unanswered {
  const code = codeOf(error)
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooLong(subgraph, error)
  const outlook = { again: LOST.has(code) || isCutOff(error), down: !OURS.has(code) }
  return SLOW.has(code)
    ? new Unanswered('TIMEOUT', subgraph, `${subgraph} did not answer in time; try again.`, outlook, error)
    : new Unanswered('SUBGRAPH_UNAVAILABLE', subgraph, `${subgraph} cannot be reached; try again.`, outlook, error)
}

/** An answer beyond `maxResponseBytes`: one long answer says nothing about the next. */
export function tooLong(subgraph: string, cause: unknown): Unanswered {
  const message = `${subgraph} sent a longer answer than its maxResponseBytes; ask for less, or raise it.`
  return new Unanswered('SUBGRAPH_UNAVAILABLE', subgraph, message, { again: false, down: false }, cause)
}

/** So undici calls the end of a connection in the middle of an answer when the connection was not to be kept. */
function isCutOff(error: unknown): boolean {
  return String(error).includes('(Invalid EOF state)')
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
