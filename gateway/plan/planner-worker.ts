import { parentPort, workerData } from 'node:worker_threads'
import { RequestError } from '../prepare/request-error.ts'
import { planDocument } from './fetches/plan-document.ts'
import type { PlanNode } from './fetches/plan-node.ts'
import { readSubgraphTypes } from './fetches/subgraph-types.ts'
import { readSupergraph } from './supergraph.ts'

/** What the thread is asked. */
export interface Asked {
  readonly text: string
}

/** What it says: that it is ready, or how the operation that it was asked is planned; `refusal` is null when it takes too long. */
export interface Planned {
  readonly ready?: boolean
  readonly node?: PlanNode | undefined
  readonly refusal?: string | null
}

const { sdl, budget } = workerData as { readonly sdl: string; readonly budget: number }
const types = readSubgraphTypes(readSupergraph(sdl).schema)

function planned(text: string): Planned {
  try {
    return { node: planDocument(text, types, budget) }
  } catch (thrown) {
    return { refusal: thrown instanceof RequestError ? null : String(thrown instanceof Error ? thrown.stack : thrown) }
  }
}

parentPort?.on('message', ({ text }: Asked) => parentPort?.postMessage(planned(text)))
parentPort?.postMessage({ ready: true } satisfies Planned)
