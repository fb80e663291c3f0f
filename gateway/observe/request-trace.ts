import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { OperationSpan, TraceHeaders, Tracing } from './tracing.ts'

/** One request, as logs, subgraphs and spans know it. */
export interface RequestTrace {
  readonly id: string
  /** What every request to a subgraph carries on its behalf. */
  readonly headers: TraceHeaders
  readonly span: OperationSpan | null
}

const MAX_STATE = 512
const PARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Takes up the client's trace where it makes sense, and begins a new one where not. */
export function beginTrace(tracing: Tracing | null, client: IncomingHttpHeaders): RequestTrace {
  const { 'x-request-id': given, traceparent, tracestate } = client
  const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
  const headers: Record<string, string> = { 'x-request-id': id }
  if (typeof traceparent === 'string' && PARENT.test(traceparent)) {
    headers['traceparent'] = traceparent
    if (typeof tracestate === 'string' && tracestate.length <= MAX_STATE) headers['tracestate'] = tracestate
  }
  if (!tracing) return { id, headers, span: null }
  const span = tracing.operation(headers)
  return { id, headers: span.headers, span }
}
