import { hash } from 'node:crypto'
import type { Logger } from 'pino'

/** One operation that has been answered or refused: names, hashes and codes; neither variables nor values. */
export interface Answered {
  readonly requestId: string | null
  readonly transport: string
  readonly kind: string
  readonly operation: string | null
  /** The document's text, of which the hash alone is written. */
  readonly text: string | null
  readonly consumer: string | null
  readonly code: string
  readonly seconds: number | null
}

/** Writes a line for each operation at level `info`; costs nothing when that level is off. */
export function logAnswered(logger: Logger, { text, seconds, ...about }: Answered): void {
  const document = text === null ? null : documentId(text)
  const ms = seconds === null ? null : Math.round(seconds * 1e5) / 100
  logger.info({ ...about, document, ms }, 'answered')
}

/** Names a document in logs and spans without telling what its literals hold. */
export function documentId(text: string): string {
  return hash('sha256', text).slice(0, 16)
}
