import { Fault } from '../../platform/errors.ts'
import type { Engine, EventSource, Result } from '../engine.ts'
import { renew, type Standing } from './standing.ts'

/**
 * Delivers what a subgraph's own subscription brings, with the rest of the selection fetched for each event, one after
 * the other: the next event waits at its source. There is no cursor: what is lost cannot be asked for again, so whatever
 * breaks the stream off is thrown.
 */
export async function* deliverNative(
  engine: Engine,
  source: EventSource,
  begun: Standing,
  signal: AbortSignal
): AsyncGenerator<Result> {
  let standing = begun
  for await (const response of source.open(signal)) {
    if (signal.aborted) return
    standing = await renew(engine, standing)
    if (standing.source?.identity !== source.identity) throw changed()
    const result = await engine.deliver(standing.prepared, standing.caller, { response }, signal)
    if (signal.aborted) return
    yield result
  }
}

/** The subgraph would have to be asked for something else: a stream that goes on would be of the graph as it was. */
function changed(): Fault {
  return new Fault(
    'SUBSCRIPTION_INTERRUPTED',
    'The graph behind this subscription has changed. Read the present state by a query, then subscribe again.'
  )
}
