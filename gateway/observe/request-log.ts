import { hash } from 'node:crypto'
import type { Logger } from 'pino'

/** One operation that has been answered. Names, hashes and codes alone: neither variables nor values. */
export interface Answered {
  readonly requestId: string
  readonly traceId: string | null
  readonly transport: 'http' | 'sse' | 'websocket'
  readonly kind: string
  readonly operationName: string | null
  /** The document's text; only its hash is written. */
  readonly text: string | null
  readonly consumer: string | null
  /** The first error's code, null without one. */
  readonly code: string | null
  readonly ms: number
}

/** Writes a line for each answered operation at level `info`; costs nothing when that level is off. */
export function logAnswered(logger: Logger, { text, operationName, ms, ...about }: Answered): void {
  if (!logger.isLevelEnabled('info')) return
  logger.info(
    {
      ...about,
      operation: operationName,
      document: text === null ? null : documentId(text),
      ms: Math.round(ms * 100) / 100
    },
    'answered'
  )
}

/** Names a document in logs and spans without telling what its literals hold. */
export function documentId(text: string): string {
  return hash('sha256', text).slice(0, 16)
}

/** A client's own request id when it is a harmless one. */
export function requestIdOf(given: string | undefined, make: () => string): string {
  return given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : make()
}
