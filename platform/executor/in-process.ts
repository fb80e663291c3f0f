import { execute } from 'graphql'
import type { Logger } from 'pino'
import { createLogger } from '../logger.ts'
import { createContext } from '../subgraph/context.ts'
import type { Subgraph } from '../subgraph/subgraph.ts'
import { unlessAborted } from './abort.ts'
import { shownError } from './errors.ts'
import type { Executor, SubgraphError, SubgraphRequest, SubgraphResponse } from './executor.ts'

type ErrorLog = Pick<Logger, 'error'>

/**
 * Calls a subgraph's schema in the same process. The plan's operations come from the composed schema, so they are not
 * validated again. Disposing it leaves the subgraph alone: who started it stops it.
 */
export function inProcessExecutor(
  subgraph: Subgraph,
  { logger = createLogger() }: { readonly logger?: ErrorLog } = {}
): Executor {
  return {
    execute: request => unlessAborted(request.signal, subgraph.name, () => run(subgraph, request, logger)),
    [Symbol.asyncDispose]: async () => {}
  }
}

async function run(subgraph: Subgraph, request: SubgraphRequest, logger: ErrorLog): Promise<SubgraphResponse> {
  const { operation, variables, access, trace } = request
  const context = await createContext(subgraph, access)
  const { data, errors } = await execute({
    schema: subgraph.schema,
    document: operation.document,
    variableValues: variables,
    contextValue: context
  })
  const shown = errors?.map(error => shownError(error, logger, { ...trace, subgraph: subgraph.name }))
  return {
    data: data ?? null,
    ...(shown && { errors: data === undefined ? shown.map(asBadInput) : shown }),
    extensions: context.extensions
  }
}

/** Nothing was executed: a variable does not fit, which graphql-js says without a code. */
function asBadInput(error: SubgraphError): SubgraphError {
  return { ...error, extensions: { code: 'BAD_USER_INPUT', ...error.extensions } }
}
