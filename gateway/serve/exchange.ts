import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { Fault, type FaultCode } from '../../platform/errors.ts'
import type { Prepared, Result } from '../engine.ts'
import { beginTrace, type RequestTrace } from '../observe/request-trace.ts'
import type { Timed } from './deadlines.ts'
import type { Door, EnteredCaller } from './door.ts'
import { type Encoded, encoded, encodedResult } from './encoded.ts'
import { oneEvent } from './events.ts'
import { type Failure, failure } from './failure.ts'
import { type Finished, finished } from './finished.ts'
import { EVENTS_TYPE, JSON_TYPE, type MediaType, RESPONSE_TYPE } from './media-type.ts'
import { unread } from './unread.ts'

/** GraphQL over HTTP: under application/json a well-formed request is answered 200 even when its document is refused. */
const REFUSED_DOCUMENT: ReadonlySet<unknown> = new Set<FaultCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT'
])

const CONTENT_TYPES: Readonly<Record<MediaType, string>> = {
  [RESPONSE_TYPE]: `${RESPONSE_TYPE}; charset=utf-8`,
  [JSON_TYPE]: `${JSON_TYPE}; charset=utf-8`,
  // What is refused before its stream begins.
  [EVENTS_TYPE]: `${JSON_TYPE}; charset=utf-8`
}

const EVENT_STREAM = `${EVENTS_TYPE}; charset=utf-8`

const RETRY_AFTER_SECONDS = '5'

/** One GraphQL request over HTTP and its answer, which is given once: the result, a refusal, or that it took too long. */
export class Exchange implements Timed {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  mediaType: MediaType = JSON_TYPE
  transport: Finished['transport'] = 'http'
  caller: EnteredCaller | null = null
  prepared: Prepared | null = null
  /** The browser page that may read the answer. */
  allowedOrigin: string | null = null
  readonly trace: RequestTrace
  readonly #door: Door
  readonly #started = performance.now()
  readonly #stop = new AbortController()
  #over = false
  deadline = 0
  older: Timed | null = null
  newer: Timed | null = null

  constructor(door: Door, request: IncomingMessage, response: ServerResponse) {
    this.#door = door
    this.request = request
    this.response = response
    this.trace = beginTrace(door.tracing, request.headers)
    response.on('close', () => this.#left())
  }

  /** Fires when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Answers with a result. */
  answer(result: Result): void {
    if (this.#over) return
    this.#send(200, encodedResult(result))
    this.finish(result.code)
  }

  /** Answers with a text that is ready; what is in it has been counted elsewhere. */
  answerText(text: string): void {
    if (this.#over) return
    this.#over = true
    this.#send(200, encoded(text, false))
  }

  /** Answers with what was thrown, as far as the caller may know it. */
  refuse(thrown: unknown): void {
    if (!this.#over) this.#refuse(failure(thrown, this.#door.logger))
  }

  /** Answers that it took too long, and stops what is still running. */
  expire(): void {
    if (this.#over) return
    const { requestTimeoutMs } = this.#door.transport
    const fault = new Fault(
      'TIMEOUT',
      `The operation was stopped after ${requestTimeoutMs} ms; ask for less at a time. A mutation may have happened all the same.`
    )
    this.#refuse({ status: fault.status, errors: [fault.toGraphQL()] })
    this.#stop.abort(fault)
  }

  /** Counts the operation, once, by the code of its first error. */
  finish(code: string): void {
    if (this.#over) return
    this.#over = true
    const { transport, prepared, caller, trace } = this
    finished(this.#door, { transport, prepared, caller, trace, code, seconds: this.seconds() })
  }

  /** Since the head of the request was there. */
  seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  #left(): void {
    if (this.#over) return
    // To leave is how a subscription ends.
    this.finish(this.prepared?.kind === 'subscription' ? 'none' : 'CLIENT_GONE')
    this.#stop.abort()
  }

  #refuse({ status, errors }: Failure): void {
    const code = errors[0]?.extensions['code']
    const result = JSON.stringify({ errors })
    const asResult = REFUSED_DOCUMENT.has(code)
    if (this.response.headersSent) this.response.destroy()
    // GraphQL over SSE: what is wrong with the document is the one result of a stream that is opened for it.
    else if (asResult && this.mediaType === EVENTS_TYPE)
      this.#send(200, encoded(oneEvent(result), false), [], EVENT_STREAM)
    else this.#send(asResult && this.mediaType === JSON_TYPE ? 200 : status, encoded(result, false), advice(status))
    this.finish(String(code))
  }

  #send(
    status: number,
    { body, bytes, release }: Encoded,
    extra: readonly string[] = [],
    contentType = CONTENT_TYPES[this.mediaType]
  ): void {
    const { response } = this
    if (response.headersSent || response.destroyed) return
    const headers = [
      'content-type',
      contentType,
      'content-length',
      String(bytes),
      'cache-control',
      'private, no-store',
      'vary',
      'Accept, Authorization, Origin',
      'x-content-type-options',
      'nosniff',
      'x-request-id',
      this.trace.id,
      ...extra
    ]
    if (this.allowedOrigin !== null) headers.push('access-control-allow-origin', this.allowedOrigin)
    if (this.#door.connections.leaving) headers.push('connection', 'close')
    unread.add(response, bytes)
    response.writeHead(status, headers)
    response.end(body, release)
  }
}

/** What a client that is refused should know besides. */
function advice(status: number): readonly string[] {
  switch (status) {
    case 401:
      return ['www-authenticate', 'Bearer']
    case 405:
      return ['allow', 'POST']
    case 429:
    case 503:
      return ['retry-after', RETRY_AFTER_SECONDS]
    default:
      return []
  }
}
