import type { IncomingHttpHeaders } from 'node:http'
import type { GraphQLError } from 'graphql'
import { Fault } from '../../../platform/errors.ts'
import type { GraphQLRequest, Prepared, Result } from '../../engine.ts'
import { isRecord } from '../../execute/bare.ts'
import { beginTrace } from '../../observe/request-trace.ts'
import { subscribe } from '../../subscribe/subscribe.ts'
import { type Door, type EnteredCaller, readAfterOf } from '../door.ts'
import { failure } from '../failure.ts'
import { finished } from '../finished.ts'
import type { Outbox } from './outbox.ts'

/** One operation of a socket, from its `subscribe` to its end. */
export interface Operation {
  readonly id: string
  /** Stops what it waits for. */
  readonly stop: AbortController
  subscription: boolean
  /** `leaving`: what it has is sent, nothing more is asked for. `ended`: nothing is sent any more. */
  state: 'running' | 'leaving' | 'ended'
}

/** The socket as its operations see it. */
export interface Line {
  readonly door: Door
  readonly outbox: Outbox
  /** The trace that the socket belongs to, as its client said. */
  readonly trace: IncomingHttpHeaders
  /** Sends a message of an operation that has not ended; false when nothing can be sent any more. */
  send(operation: Operation, text: string): boolean
  /** Ends an operation and gives its id back, unless that belongs to another one by now. */
  forget(operation: Operation): void
}

/** Why what nobody waits for any more is stopped. One for all: to make an error each time costs more than to answer. */
const LEFT = new Error('nobody waits for this operation any more')

/** An operation that begins. */
export function startOperation(id: string): Operation {
  return { id, stop: new AbortController(), subscription: false, state: 'running' }
}

/** Lets an operation send what it has, and nothing more. */
export function leaveOperation(operation: Operation): void {
  operation.state = 'leaving'
  operation.stop.abort(LEFT)
}

/** Ends an operation: whatever it still finds out is for nobody. */
export function endOperation(operation: Operation): void {
  if (operation.state === 'ended') return
  operation.state = 'ended'
  operation.stop.abort(LEFT)
}

/** Runs an operation up to its last message; what goes wrong with it is an `error` message. */
export async function runOperation(
  line: Line,
  operation: Operation,
  request: GraphQLRequest,
  caller: EnteredCaller
): Promise<void> {
  const { door } = line
  const started = performance.now()
  const trace = beginTrace(door.tracing, line.trace)
  let prepared: Prepared | null = null
  let code = 'none'
  try {
    const current = { ...inForce(caller, request), trace: trace.headers }
    prepared = door.engine.prepare(request, current)
    operation.subscription = prepared.kind === 'subscription'
    code = await (operation.subscription ? stream : answer)(line, operation, prepared, current)
  } catch (thrown) {
    code = refuse(line, operation, thrown)
  } finally {
    operation.state = 'ended'
    const seconds = (performance.now() - started) / 1000
    finished(door, { transport: 'websocket', prepared, caller, trace, code, seconds })
  }
}

/** Ends an operation with an `error` message, after which no other of it is sent. */
export function sendErrors(line: Line, operation: Operation, errors: readonly GraphQLError[]): void {
  line.send(operation, `{"id":${JSON.stringify(operation.id)},"type":"error","payload":${JSON.stringify(errors)}}`)
}

/** The caller with what it may see in this moment, and with what this operation says for itself. */
function inForce(caller: EnteredCaller, { extensions }: GraphQLRequest): EnteredCaller {
  const view = caller.current()
  if (!view) throw new Fault('FORBIDDEN', 'The contract of this caller has ended.')
  return { ...caller, view, readAfter: readAfterOf(isRecord(extensions) ? extensions['readAfter'] : undefined) }
}

function refuse(line: Line, operation: Operation, thrown: unknown): string {
  // What an operation meets that nobody waits for, such as its own end, is nobody's failure.
  if (operation.state === 'running') {
    const { errors } = failure(thrown, line.door.logger)
    sendErrors(line, operation, errors)
    return codeOf(errors)
  }
  return abandoned(operation)
}

/** What is counted of an operation that was ended before its answer; to leave is how a subscription ends. */
function abandoned({ stop, subscription }: Operation): string {
  if (stop.signal.reason instanceof Fault) return stop.signal.reason.code
  return subscription ? 'none' : 'CLIENT_GONE'
}

async function answer(line: Line, operation: Operation, prepared: Prepared, caller: EnteredCaller): Promise<string> {
  const { engine, transport } = line.door
  const timer = setTimeout(expire, transport.requestTimeoutMs, line, operation)
  let result: Result
  try {
    result = await engine.execute(prepared, caller, operation.stop.signal)
  } finally {
    clearTimeout(timer)
  }
  const id = JSON.stringify(operation.id)
  if (!line.send(operation, `{"id":${id},"type":"next","payload":${result.text}}`)) return abandoned(operation)
  line.send(operation, `{"id":${id},"type":"complete"}`)
  return result.code
}

/** Answers that it took too long, and stops what is still running. */
function expire(line: Line, operation: Operation): void {
  const fault = new Fault(
    'TIMEOUT',
    `The operation was stopped after ${line.door.transport.requestTimeoutMs} ms; ask for less at a time. A mutation may have happened all the same.`
  )
  sendErrors(line, operation, [fault.toGraphQL()])
  operation.stop.abort(fault)
  line.forget(operation)
}

async function stream(line: Line, operation: Operation, prepared: Prepared, caller: EnteredCaller): Promise<string> {
  const { door, outbox } = line
  const id = JSON.stringify(operation.id)
  const deliveries = await subscribe(door, prepared, caller, operation.stop.signal)
  door.metrics.subscriptions.inc()
  try {
    while (operation.state === 'running') {
      const step = await deliveries.next()
      if (step.done) {
        if (operation.state === 'running') line.send(operation, `{"id":${id},"type":"complete"}`)
        break
      }
      while (outbox.full && !hasEnded(operation)) await outbox.flushed()
      if (!line.send(operation, `{"id":${id},"type":"next","payload":${step.value.text}}`)) break
      door.metrics.deliveries.inc()
      // The source waits for whoever reads slowly, so that memory holds one event; and everybody has a turn between two.
      await outbox.flushed()
    }
  } finally {
    door.metrics.subscriptions.dec()
    // A generator that waits cannot be returned from outside: its signal ends what it waits for.
    operation.stop.abort(LEFT)
    await deliveries.return(undefined)
  }
  return 'none'
}

function hasEnded({ state }: Operation): boolean {
  return state === 'ended'
}

function codeOf(errors: readonly GraphQLError[] | undefined): string {
  return String(errors?.[0]?.extensions['code'] ?? 'none')
}
