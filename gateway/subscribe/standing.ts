import { Fault } from '../../platform/errors.ts'
import type { View } from '../../policies/view.ts'
import { type Caller, type Engine, type EventSource, type Prepared, RequestError } from '../engine.ts'

/** A caller whose contracts, and whose graph, may change while it listens. */
export interface Subscriber extends Caller {
  /** What it sees at this moment; null when nothing is granted to it any more. */
  current(): View | null
}

/** A request and who asks it, under one view. */
export interface Standing {
  readonly prepared: Prepared
  readonly caller: Subscriber
  readonly source: EventSource | null
}

/**
 * The same request under the view of this moment; the very same standing while nothing has changed. What was granted at
 * the start is not owed for ever (semantics K11): throws Fault GRANT_WITHDRAWN, with `details`, when the request is not
 * valid any more.
 */
export async function renew(
  engine: Engine,
  standing: Standing,
  details: Readonly<Record<string, unknown>> = {}
): Promise<Standing> {
  const view = standing.caller.current()
  // Not by id: the same view of a reloaded graph belongs to another engine.
  if (view === standing.caller.view) return standing
  if (!view) throw withdrawn(details)
  const caller = { ...standing.caller, view }
  try {
    const prepared = engine.renew(standing.prepared, caller)
    return { prepared, caller, source: await engine.source(prepared, caller) }
  } catch (thrown) {
    throw thrown instanceof RequestError ? withdrawn(details, thrown) : thrown
  }
}

function withdrawn(details: Readonly<Record<string, unknown>>, cause?: unknown): Fault {
  const from = 'cursor' in details ? ' from "cursor"' : ''
  return new Fault(
    'GRANT_WITHDRAWN',
    `What you are granted has changed, and this subscription is not part of it any more. Subscribe again${from} to what still is.`,
    details,
    { cause }
  )
}
