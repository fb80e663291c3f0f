import { httpExecutor } from '../../platform/executor/http.ts'
import { inProcessExecutor } from '../../platform/executor/in-process.ts'
import { startSubgraphServer } from '../../platform/subgraph/server.ts'
import { executorSuite } from './executor/suite.ts'

describe('the executor in process', () => {
  executorSuite(async (subgraph, logger) => inProcessExecutor(subgraph, { logger, dedupe: true }))
})

describe('the executor over HTTP, to an Apollo Server', () => {
  executorSuite(async (subgraph, logger) => {
    const secret = 'a shared secret'
    const server = await startSubgraphServer({ subgraph, secret, host: '127.0.0.1', port: 0, logger })
    const executor = httpExecutor({ url: server.url, secret, subgraph: subgraph.name, dedupe: true })
    return {
      execute: request => executor.execute(request),
      async [Symbol.asyncDispose]() {
        await executor[Symbol.asyncDispose]()
        await server[Symbol.asyncDispose]()
      }
    }
  })
})
