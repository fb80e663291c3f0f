import type { SubgraphRequest } from '../executor.ts'
import { forwarded } from '../headers.ts'

/** What a subscription is asked with: the same members in a body and in a `subscribe` message. */
export interface Sent extends Record<string, unknown> {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly extensions?: Record<string, unknown>
}

/** A subgraph that is not ours (no secret) is told nothing of the caller's access. */
export function sent({ operation, variables, access }: SubgraphRequest, secret: string | null): Sent {
  return { query: operation.text, variables: { ...variables }, ...(secret !== null && { extensions: { access } }) }
}

/** The client's headers that are sent on, by name, always in the same order. */
export function forwardedHeaders(
  { headers }: SubgraphRequest,
  names: readonly string[]
): Readonly<Record<string, string>> {
  const list = forwarded(names, headers)
  const sent: Record<string, string> = Object.create(null)
  for (let i = 0; i < list.length; i += 2) sent[list[i] ?? ''] = list[i + 1] ?? ''
  return sent
}
