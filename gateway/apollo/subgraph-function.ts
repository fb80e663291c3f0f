import { Fault } from '../../platform/errors.ts'
import type { Executor, SubgraphError } from '../../platform/executor/executor.ts'

/** What one subgraph is asked. */
export interface SubgraphCall {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  /** What the option `headers` made for this operation. */
  readonly headers: Readonly<Record<string, string>>
  /** Fires when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** Asks a subgraph in another way than over HTTP; rejected when there is no answer. */
export type SubgraphFunction = (call: SubgraphCall) => Promise<{
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly SubgraphError[]
}>

/** The function as the router asks subgraphs. Nothing is tried again, nor shared. */
export function functionExecutor(subgraph: string, ask: SubgraphFunction): Executor {
  return {
    async execute({ operation, variables, headers = {}, signal }) {
      const call = { kind: operation.kind, query: operation.text, variables, headers, ...(signal && { signal }) }
      try {
        const { data = null, errors } = await ask(call)
        return { data, ...(errors?.length && { errors }) }
      } catch (cause) {
        throw new Fault('SUBGRAPH_UNAVAILABLE', `${subgraph} cannot be reached; try again.`, { subgraph }, { cause })
      }
    },
    [Symbol.asyncDispose]: async () => {}
  }
}
