import type { Prepared } from '../engine.ts'
import { documentId, logAnswered } from '../observe/request-log.ts'
import type { RequestTrace } from '../observe/request-trace.ts'
import type { Door, EnteredCaller } from './door.ts'

/** An operation that has been answered or refused. */
export interface Finished {
  readonly transport: 'http' | 'sse' | 'websocket'
  /** Null when it was refused before it was known what it is. */
  readonly prepared: Prepared | null
  /** Null when it was refused before it was known who asks. */
  readonly caller: EnteredCaller | null
  /** Null when it was refused before it was a request. */
  readonly trace: RequestTrace | null
  /** Of the first error; `none` without one. */
  readonly code: string
  /** From the parsed head of the request, or from the message, to the answer; null when it was no request yet. */
  readonly seconds: number | null
}

/** The one place where every operation is known when it is over: it is counted, its span ends, and the log has its line. */
export function finished({ metrics, logger }: Door, operation: Finished): void {
  const { transport, prepared, caller, trace, code, seconds } = operation
  const kind = prepared?.kind ?? 'unknown'
  metrics.operations.inc({ transport, kind, code })
  // How long a subscription lasts says nothing of how fast anything was.
  if (kind !== 'subscription' && seconds !== null) metrics.duration(transport, kind).observe(seconds)
  if (trace?.span) {
    if (prepared) trace.span.run({ kind, name: prepared.operationName, id: documentId(prepared.text) })
    trace.span.end(code === 'none' ? null : code)
  }
  if (!logger.isLevelEnabled('info')) return
  logAnswered(logger, {
    requestId: trace?.id ?? null,
    transport,
    kind,
    operation: prepared?.operationName ?? null,
    text: prepared?.text ?? null,
    consumer: caller?.consumer.id ?? null,
    code,
    seconds
  })
}
