import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import { Fault } from '../../platform/errors.ts'
import type { Consumer } from '../../policies/consumer.ts'
import type { View } from '../../policies/view.ts'
import type { Caller, Engine } from '../engine.ts'
import type { Views } from '../identity/views.ts'
import type { Deadlines, Timed } from '../serve/deadlines.ts'
import { failure } from '../serve/failure.ts'
import type { ApolloRequest, OaasGatewayOptions } from './options.ts'

export type GatewayExecutor = NonNullable<
  Awaited<ReturnType<ApolloServerOptionsWithGateway<BaseContext>['gateway']['load']>>['executor']
>
type RequestContext = Parameters<GatewayExecutor>[0]

/** What every request runs on. */
export interface ExecuteDeps {
  readonly engine: Engine
  /** The views of the graph that a request was validated against. */
  readonly views: (schema: GraphQLSchema) => Views
  readonly deadlines: Deadlines
  /** Names of the headers that some subgraph is sent. */
  readonly forward: readonly string[]
  readonly logger: Logger
}

/** Whoever asks: who that is, Apollo Server's own context knows. */
export const CONSUMER: Consumer = { id: 'apollo', kind: 'developer', party: 'foreign', company: 'foreign', claims: {} }

/** Runs one operation that Apollo Server has parsed and validated. Never rejected: what goes wrong is in the errors. */
export async function run<Context>(
  deps: ExecuteDeps,
  options: OaasGatewayOptions<Context>,
  { request, source, operationName, schema, context }: RequestContext
): ReturnType<GatewayExecutor> {
  const { engine, deadlines, logger } = deps
  const late = new AbortController()
  const timed: Timed = {
    expire: () => late.abort(new Fault('TIMEOUT', 'The request took too long; ask for less at once, or try again.')),
    deadline: 0,
    older: null,
    newer: null
  }
  deadlines.add(timed)
  try {
    const asked: ApolloRequest<Context> = {
      // Whatever the server's `context` function makes: Apollo's gateway interface has no type for it.
      context: context as Context,
      header: name => request.http?.headers.get(name) ?? undefined
    }
    const headers = await headersFor(asked, deps.forward, options.headers)
    const view = viewOf(deps.views(schema), options.claims ? options.claims(asked) : null)
    const caller: Caller = { consumer: CONSUMER, view, language: 'en', readAfter: null, ...(headers && { headers }) }
    const prepared = engine.prepare({ query: source, operationName, variables: request.variables }, caller)
    if (prepared.kind === 'subscription')
      throw new Fault('BAD_REQUEST', 'Apollo Server answers no subscriptions over a gateway.')
    const { data, errors, extensions } = await engine.execute(prepared, caller, late.signal)
    return { ...(data !== undefined && { data }), ...(errors && { errors }), ...(extensions && { extensions }) }
  } catch (thrown) {
    return refused(thrown, logger)
  } finally {
    deadlines.forget(timed)
  }
}

function viewOf(views: Views, claims: Readonly<Record<string, unknown>> | null): View {
  const identity = claims && {
    issuer: '',
    subject: '',
    party: null,
    claims: {},
    expiresAt: Number.POSITIVE_INFINITY,
    payload: claims
  }
  const view = (identity ? null : views.stranger) ?? views.view(CONSUMER, identity)
  if (!view) throw new Fault('FORBIDDEN', 'Nothing is granted to this caller.')
  return view
}

/** Null when no subgraph is sent any. */
async function headersFor<Context>(
  asked: ApolloRequest<Context>,
  names: readonly string[],
  values: OaasGatewayOptions<Context>['headers'] = {}
): Promise<Readonly<Record<string, string>> | null> {
  if (names.length === 0) return null
  const headers: Record<string, string> = Object.create(null)
  for (const name of names) {
    const value = Object.hasOwn(values, name) ? await values[name]?.(asked) : asked.header(name)
    if (value !== undefined) headers[name] = value
  }
  return headers
}

/** Apollo Server takes the HTTP status from an error's extensions, and does not show it. */
function refused(thrown: unknown, logger: Logger): { readonly errors: readonly GraphQLError[] } {
  const { status, errors } = failure(thrown, logger)
  return {
    errors: errors.map(error => {
      const { message, nodes, source, positions, path, extensions } = error
      return new GraphQLError(message, {
        nodes,
        source,
        positions,
        path,
        extensions: { ...extensions, http: { status } }
      })
    })
  }
}
