import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled
} from '@apollo/server/plugin/disabled'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { shownError } from '../executor/errors.ts'
import type { Context, Subgraph } from './subgraph.ts'

/** Apollo Server over a subgraph's schema: nothing reported home, errors masked, `context.extensions` in the answer. */
export function apolloServer(subgraph: Subgraph, logger: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema: subgraph.schema,
    logger: logger.child({ subgraph: subgraph.name }, { level: 'warn' }),
    nodeEnv: 'production',
    introspection: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    formatError: (_, error) => shownError(asGraphQLError(error), logger, { subgraph: subgraph.name }),
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      {
        requestDidStart: async () => ({
          willSendResponse: async ({ contextValue, response }) => {
            if (response.body.kind === 'single') response.body.singleResult.extensions = { ...contextValue.extensions }
          }
        })
      }
    ]
  })
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  return new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) })
}
