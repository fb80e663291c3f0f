import { CloseCode } from 'graphql-ws'
import type { Logger } from 'pino'
import { FAULTS, type FaultCode } from '../../../platform/errors.ts'
import { failure } from '../failure.ts'

/**
 * Why a socket is closed: the codes of graphql-transport-ws, and the two of the websocket registry after which clients come
 * back. Clients take 4400, 4401, 4406, 4409, 4429 and 4500 as final: none of them is for what may pass.
 */
export const CLOSE = {
  restart: 1012,
  tryAgainLater: 1013,
  invalid: CloseCode.BadRequest,
  unauthorized: CloseCode.Unauthorized,
  forbidden: CloseCode.Forbidden,
  subprotocol: CloseCode.SubprotocolNotAcceptable,
  initTimeout: CloseCode.ConnectionInitialisationTimeout,
  subscriberExists: CloseCode.SubscriberAlreadyExists,
  tooMany: CloseCode.TooManyInitialisationRequests,
  internal: CloseCode.InternalServerError
} as const

const MAX_REASON_BYTES = 123
/** Clients that were sent away at once come back over this long. */
const COME_BACK_OVER_MS = 10_000

/** Thrown to close the socket with a code and a reason. */
export class Closing extends Error {
  override readonly name = 'Closing'
  readonly code: number

  constructor(code: number, reason: string) {
    super(fitting(reason))
    this.code = code
  }
}

/** A close after which the client should come back: its reason is JSON with `message` and `retryAfterMs`. */
export function comeBack(code: typeof CLOSE.restart | typeof CLOSE.tryAgainLater, message: string): Closing {
  const hint = `,"retryAfterMs":${retryAfterMs()}}`
  let text = message
  // Quotes and control characters grow when they are written as JSON.
  while (Buffer.byteLength(`{"message":${JSON.stringify(text)}${hint}`) > MAX_REASON_BYTES) text = text.slice(0, -1)
  return new Closing(code, `{"message":${JSON.stringify(text)}${hint}`)
}

/** Milliseconds after which a client should come back: random, so that they do not all come at once. */
export function retryAfterMs(): number {
  return Math.ceil(Math.random() * COME_BACK_OVER_MS)
}

/** How anything thrown closes a socket: 4401 and 4403 for what is the caller's doing, 1013 for what may pass, else 4500. */
export function closingOf(thrown: unknown, logger: Logger): Closing {
  if (thrown instanceof Closing) return thrown
  const { status, errors } = failure(thrown, logger)
  const { code, id } = errors[0]?.extensions ?? {}
  const message = errors[0]?.message ?? ''
  if (isFaultCode(code) && FAULTS[code].retryable) return comeBack(CLOSE.tryAgainLater, message)
  if (status === 401) return new Closing(CLOSE.unauthorized, message)
  if (status < 500) return new Closing(CLOSE.forbidden, message)
  return new Closing(CLOSE.internal, `Internal error ${String(id)}`)
}

function fitting(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_REASON_BYTES) return text
  // `stream` leaves out a character that the cut has broken.
  return new TextDecoder().decode(bytes.subarray(0, MAX_REASON_BYTES), { stream: true })
}

function isFaultCode(code: unknown): code is FaultCode {
  return typeof code === 'string' && Object.hasOwn(FAULTS, code)
}
