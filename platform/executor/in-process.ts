import { execute } from 'graphql'
import type { Logger } from 'pino'
import { createLogger } from '../logger.ts'
import { createContext } from '../subgraph/context.ts'
import type { Subgraph } from '../subgraph/subgraph.ts'
import { shownError } from './errors.ts'
import type { Executor, SubgraphError, SubgraphRequest, SubgraphResponse } from './executor.ts'
import { type RobustOptions, robustExecutor } from './robust.ts'
import type { Exchange, Send, Waiting } from './send.ts'

type ErrorLog = Pick<Logger, 'error'>

export interface InProcessExecutorOptions extends Pick<RobustOptions, 'timeoutMs' | 'dedupe' | 'writes' | 'watch'> {
  readonly logger?: ErrorLog
}

/**
 * Calls a subgraph's schema in the same process. The plan's operations come from the composed schema, so they are not
 * validated again. Disposing it leaves the subgraph alone: who started it stops it.
 */
export function inProcessExecutor(subgraph: Subgraph, options: InProcessExecutorOptions = {}): Executor {
  const { logger = createLogger() } = options
  const send: Send = (request, _, waiting) => new Running(run(subgraph, request, logger), waiting)
  return {
    execute: robustExecutor(send, { ...options, subgraph: subgraph.name }),
    [Symbol.asyncDispose]: async () => {}
  }
}

/** Work in this process cannot be stopped: after a cancel its outcome is dropped. */
class Running implements Exchange {
  #cancelled = false

  constructor(running: Promise<SubgraphResponse>, waiting: Waiting) {
    running.then(
      response => {
        if (!this.#cancelled) waiting.answered(response)
      },
      (reason: unknown) => {
        if (!this.#cancelled) waiting.failed(reason)
      }
    )
  }

  cancel(): void {
    this.#cancelled = true
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
