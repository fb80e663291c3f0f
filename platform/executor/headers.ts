import type { SubgraphRequest } from './executor.ts'
import { SIGNATURE_HEADER } from './signature.ts'

/** Names and values by turns. */
const ALWAYS: readonly string[] = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9'
]

/** Headers of one connection or one body, and those that the router writes itself. */
const OWN =
  /^(accept|accept-encoding|connection|content-.*|expect|host|http2-settings|keep-alive|proxy-.*|sec-websocket-.*|te|trailer|transfer-encoding|upgrade)$/

/** Whether a client's header of that name, in lower case, may be sent on to a subgraph at all. */
export function canForward(name: string): boolean {
  return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !OWN.test(name) && name !== SIGNATURE_HEADER
}

/** The headers that are sent on: names and values by turns, in the order of `names`. */
export function forwarded(names: readonly string[], headers: SubgraphRequest['headers']): readonly string[] {
  const sent: string[] = []
  if (!headers) return sent
  for (const name of names) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined
    if (value !== undefined) sent.push(name, value)
  }
  return sent
}

/** All headers of a request but its signature; the trace's own go before the client's of the same name. */
export function headersOf({ headers, trace }: SubgraphRequest, forward: readonly string[]): string[] {
  const list = ALWAYS.slice()
  if (trace) for (const name of Object.keys(trace)) list.push(name, trace[name] ?? '')
  if (forward.length === 0 || !headers) return list
  const sent = forwarded(forward, headers)
  for (let i = 0; i < sent.length; i += 2) {
    const name = sent[i] ?? ''
    if (!trace || !Object.hasOwn(trace, name)) list.push(name, sent[i + 1] ?? '')
  }
  return list
}
