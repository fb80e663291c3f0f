import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import { createLogger } from '../../platform/logger.ts'
import { generationBuilder, isCompanys } from '../build-generation.ts'
import { refuseStrays } from '../choose-executors.ts'
import { ConfigError } from '../config.ts'
import type { Views } from '../identity/views.ts'
import { openDocuments } from '../open-documents.ts'
import { type FollowedFile, followFile } from '../reload/follow-file.ts'
import { createGenerations, type Generations } from '../reload/generations.ts'
import { reloading } from '../reload/reloading.ts'
import { Deadlines } from '../serve/deadlines.ts'
import { forwardedHeaders } from '../settings.ts'
import { CONSUMER, type GatewayExecutor, run } from './execute.ts'
import type { OaasGatewayOptions } from './options.ts'
import { settingsOf } from './settings.ts'
import { functionExecutor } from './subgraph-function.ts'

export type { ApolloRequest, ApolloSettings, HeaderValue, OaasGatewayOptions } from './options.ts'
export type { SubgraphCall, SubgraphFunction } from './subgraph-function.ts'

type GatewayInterface = ApolloServerOptionsWithGateway<BaseContext>['gateway']
type SchemaListener = Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]

/** What `new ApolloServer({ gateway })` takes, with the supergraph's file read on demand. */
export interface OaasGateway extends GatewayInterface {
  /** Reads `supergraphFile` now. When it cannot be served, the one before stays and the log says why. */
  reload(): Promise<void>
}

interface Opened {
  readonly generations: Generations
  readonly file: FollowedFile | null
  readonly deadlines: Deadlines
}

/** How long a request may take from Apollo Server’s validation to us: so long the schema before is kept. */
const KEEP_MS = 30_000

/**
 * This router’s planner and executor in Apollo Server: `new ApolloServer({ gateway: oaasGateway({ supergraph }) })`. Apollo
 * Server parses, validates and answers; subscriptions are not part of its gateways. The server’s `start()` is rejected with
 * what is wrong with the supergraph or the settings.
 */
export function oaasGateway<Context = BaseContext>(options: OaasGatewayOptions<Context>): OaasGateway {
  const { logger = createLogger('warn') } = options
  const listeners = new Set<SchemaListener>()
  /** By the schema that Apollo Server has validated a request against. */
  const viewsOf = new WeakMap<GraphQLSchema, Views>()
  let opened: Opened | null = null

  const announce = (views: Views, coreSupergraphSdl: string): void => {
    const apiSchema = views.view(CONSUMER, null)?.schema
    if (!apiSchema) return
    viewsOf.set(apiSchema, views)
    for (const listener of listeners) listener({ apiSchema, coreSupergraphSdl })
  }

  const open = async (): Promise<GatewayExecutor> => {
    const path = fileOf(options)
    const supergraphSdl = path === null ? (options.supergraph ?? '') : await readFile(path, 'utf8')
    const settings = await settingsOf(options)
    const documents = await openDocuments({ ...settings.documents, automatic: false })
    const assemble = generationBuilder({
      settings,
      logger,
      open: false,
      company: null,
      documents,
      own(name, url) {
        const ask = options.executor?.({ name, url })
        return ask ? functionExecutor(name, ask) : null
      },
      wrap: (_, executor) => executor
    })
    const build: typeof assemble = async sdl => {
      if (isCompanys(sdl))
        throw new ConfigError('the supergraph is under contracts, which Apollo Server cannot keep: run "oaas gateway"')
      const generation = await assemble(sdl)
      if (!generation.views.stranger || options.claims) return generation
      await generation[Symbol.asyncDispose]()
      throw new ConfigError(
        'the supergraph has access rules (@authenticated, @requiresScopes or @policy): say who asks with the option "claims"'
      )
    }
    const generations = createGenerations({ first: await build(supergraphSdl), build, keepMs: KEEP_MS, logger })
    const replace = async (sdl: string) => {
      const outcome = await generations.replace(sdl)
      if (outcome === 'replaced') announce(generations.views(), sdl)
      return outcome
    }
    const deadlines = new Deadlines(settings.transport.requestTimeoutMs)
    const file = path === null ? null : followFile({ path, ...reloading({ replace }, null, logger) })
    opened = { generations, file, deadlines }
    refuseStrays(settings, supergraphSdl)
    announce(generations.views(), supergraphSdl)
    const deps = {
      engine: generations.engine,
      views: (schema: GraphQLSchema) => viewsOf.get(schema) ?? generations.views(),
      deadlines,
      forward: forwardedHeaders(settings),
      logger
    }
    return context => run(deps, options, context)
  }

  const stop = async () => {
    await opened?.file?.[Symbol.asyncDispose]()
    await opened?.generations[Symbol.asyncDispose]()
    opened?.deadlines[Symbol.dispose]()
  }

  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async load() {
      try {
        return { executor: await open() }
      } catch (failure) {
        // Apollo Server stops no gateway that did not load.
        await stop()
        throw failure
      }
    },
    reload: async () => opened?.file?.read(),
    stop
  }
}

/** The path of the supergraph's file; null when the supergraph itself is given. */
function fileOf({ supergraph, supergraphFile }: OaasGatewayOptions<never>): string | null {
  if ((supergraph === undefined) === (supergraphFile === undefined))
    throw new ConfigError('oaasGateway takes either "supergraph", the SDL itself, or "supergraphFile"')
  if (supergraphFile === undefined) return null
  return supergraphFile instanceof URL ? fileURLToPath(supergraphFile) : supergraphFile
}
