import type { Access } from '../../platform/scope/scope.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { View } from '../../policies/view.ts'

/** Who asks, as what, and how. */
export interface Caller {
  readonly consumer: Consumer
  readonly view: View
  readonly language: 'en' | 'zh'
  /** Log position that the answer must have applied (semantics W3). */
  readonly readAfter: number | null
  /** The caller may run documents of the manifest alone. */
  readonly trustedDocumentsOnly?: boolean
  /** Headers that the settings forward to subgraphs; part of every key under which work is shared. */
  readonly headers?: Readonly<Record<string, string>>
  /** W3C trace context and request id of the request, for subgraphs and logs. */
  readonly trace?: Readonly<Record<string, string>>
}

/** The authority that subgraphs act on; of a mutation, what it may write. */
export function accessOf({ consumer, view, language, readAfter }: Caller, mutation: string | null): Access {
  const { read, write } = mutation === null ? view.access(consumer) : view.access(consumer, mutation)
  const { company, id, party, claims } = consumer
  return { company, consumer: id, party, claims, read, write, readAfter, language }
}
