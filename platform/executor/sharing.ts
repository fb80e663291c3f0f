import { abortFault } from './abort.ts'
import { accessText } from './access-text.ts'
import type { Executor, SubgraphRequest, SubgraphResponse } from './executor.ts'
import { Flight } from './flight.ts'
import { forwarded } from './headers.ts'
import { InFlight, Question } from './in-flight.ts'
import type { Send } from './send.ts'
import type { Writes } from './writes.ts'

export interface SharingOptions {
  readonly subgraph: string
  /** Identical queries that are on their way at once are asked once. */
  readonly dedupe: boolean
  readonly writes: Writes
  /** Client headers that the subgraph gets to see. */
  readonly forwardHeaders: readonly string[]
  /** Told of each query that was not sent, since an identical one was on its way. */
  readonly joined?: (() => void) | undefined
}

/**
 * Waits for answers, and asks once what is asked by several at the same time. A query joins another only when everything is
 * equal on which the answer may depend, compared in full: text, variables, the caller's whole access (who calls has been
 * verified before, for each by itself), headers. Mutations join nothing, and no query joins one that started before a
 * mutation was sent or ended.
 */
export function sharing(send: Send, options: SharingOptions): Executor['execute'] {
  const { subgraph, dedupe, writes, forwardHeaders, joined } = options
  const inFlight = dedupe ? new InFlight() : null

  const execute = (
    request: SubgraphRequest,
    resolve: (response: SubgraphResponse) => void,
    reject: (reason: unknown) => void
  ): void => {
    const { operation, access, headers, signal } = request
    if (signal?.aborted) throw abortFault(signal, subgraph)
    const variables = JSON.stringify(request.variables)
    const flight = new Flight(subgraph)
    if (operation.kind === 'mutation') {
      writes.written()
      flight.ended = writes.written
    } else if (inFlight && operation.kind === 'query') {
      const sent = forwardHeaders.length === 0 ? '' : JSON.stringify(forwarded(forwardHeaders, headers))
      const question = new Question(operation.text, variables, accessText(access), sent, writes.count, flight)
      const known = inFlight.find(question)
      if (known) {
        joined?.()
        known.flight.join(signal, resolve, reject)
        return
      }
      inFlight.add(question)
      flight.ended = () => inFlight.remove(question)
    }
    flight.join(signal, resolve, reject)
    flight.sent = send(request, variables, flight, false)
  }
  return request => new Promise((resolve, reject) => execute(request, resolve, reject))
}
