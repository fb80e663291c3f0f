import { parentPort, workerData } from 'node:worker_threads'
import { RequestError } from '../prepare/request-error.ts'
import { planDocument } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import { readSubgraphTypes, type SubgraphTypes } from './fetches/subgraph-types.ts'
import type { LabelSet } from './override-labels.ts'
import { readSupergraph } from './supergraph.ts'

/** What the thread is asked. */
export interface Asked {
  readonly text: string
  readonly labels: LabelSet
}

/** What it says: that it is ready, or how the operation that it was asked is planned; `refusal` is null when it takes too long. */
export interface Planned {
  readonly ready?: boolean
  readonly node?: PlanNode | undefined
  readonly refusal?: string | null
}

const { sdl, budget, usual } = workerData as {
  readonly sdl: string
  readonly budget: number
  readonly usual: LabelSet
}
const { schema } = readSupergraph(sdl)
// Not while an operation waits.
const known = new Map([[usual.id, readSubgraphTypes(schema, usual.labels)]])

function typesOf({ id, labels }: LabelSet): SubgraphTypes {
  const types = known.get(id) ?? readSubgraphTypes(schema, labels)
  known.set(id, types)
  return types
}

function planned({ text, labels }: Asked): Planned {
  try {
    return { node: planDocument(text, typesOf(labels), budget) }
  } catch (thrown) {
    return { refusal: thrown instanceof RequestError ? null : String(thrown instanceof Error ? thrown.stack : thrown) }
  }
}

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(planned(asked)))
parentPort?.postMessage({ ready: true } satisfies Planned)
