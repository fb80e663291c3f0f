import { setImmediate as breath } from 'node:timers/promises'
import { GraphQLError, parse } from 'graphql'
import { createWrites } from '../platform/executor/writes.ts'
import { CONTRACT_IDENTITY } from '../policies/facts.ts'
import { linkedNames } from '../policies/linked-names.ts'
import { RuleError } from './authorize/rule-error.ts'
import { type AccessRules, accessRulesOf } from './authorize/rules.ts'
import { type ChooseExecutorsOptions, chooseExecutors } from './choose-executors.ts'
import type { Company } from './company.ts'
import { ConfigError } from './config.ts'
import { createEngine, type EngineWatch } from './engine.ts'
import { openView } from './execute/open-view.ts'
import { contractViews, foreignViews, openViews, type Views } from './identity/views.ts'
import { LOG_SUBGRAPH } from './log-subgraph.ts'
import { apiSchemaSteps } from './plan/api-schema.ts'
import { type Graph, graphSteps } from './plan/graph.ts'
import { inSlices } from './plan/in-slices.ts'
import { subgraphUrls } from './plan/subgraph-urls.ts'
import type { FindDocument } from './prepare/documents.ts'
import type { Generation } from './reload/generations.ts'
import { sharedExecutors } from './reload/shared-executors.ts'

export interface GenerationOptions
  extends Pick<ChooseExecutorsOptions, 'settings' | 'logger' | 'own' | 'watch' | 'wrap'> {
  readonly engineWatch?: EngineWatch
  /** No identity, no contracts. */
  readonly open: boolean
  /** Null over a graph that is not the company's. */
  readonly company: Pick<Company, 'rooms' | 'secrets' | 'book'> | null
  /** Where documents come from, whatever the supergraph. */
  readonly documents: FindDocument
}

/** What makes a supergraph ready to be served. It throws ConfigError when that cannot be, and says why. */
export function generationBuilder(options: GenerationOptions): (supergraphSdl: string) => Promise<Generation> {
  const { settings, logger, own, watch, engineWatch, wrap, open, company, documents } = options
  const shared = sharedExecutors(logger)
  const writes = createWrites()

  const build = async (supergraphSdl: string): Promise<Generation> => {
    if (isCompanys(supergraphSdl) !== (company !== null))
      throw new ConfigError('contracts cannot come or go while the router runs: start it again with this supergraph')
    // A large graph takes seconds to read: requests on the graph before are answered in between.
    const graph = await inSlices(graphSteps(supergraphSdl))
    await breath()
    const { document, declared, supergraph } = graph
    const rules = declared && accessRulesOf(document, declared, supergraph.schema)
    await breath()
    const views = await viewsOf(supergraphSdl, graph, rules, options)
    await breath()
    const chosen = chooseExecutors(subgraphUrls(supergraphSdl, document), {
      settings,
      logger,
      wrap,
      shared,
      writes,
      ...(own && { own }),
      ...(watch && { watch }),
      rooms: company?.rooms ?? {},
      secret: open || !company ? null : company.secrets.subgraph,
      virtual: company ? LOG_SUBGRAPH : null
    })
    try {
      const { executors } = chosen
      const engine = createEngine({
        supergraphSdl,
        graph,
        executors,
        logger,
        limits: settings.limits,
        dedupe: settings.dedupe,
        writes,
        overrideLabels: settings.overrideLabels,
        watch: engineWatch,
        documents
      })
      return {
        supergraphSdl,
        engine,
        views,
        async [Symbol.asyncDispose]() {
          await engine[Symbol.asyncDispose]()
          await chosen[Symbol.asyncDispose]()
        }
      }
    } catch (failure) {
      await chosen[Symbol.asyncDispose]()
      throw failure
    }
  }

  return supergraphSdl => build(supergraphSdl).catch(failure => Promise.reject(explained(failure)))
}

async function viewsOf(
  supergraphSdl: string,
  { document }: Graph,
  rules: AccessRules | null,
  { open, company, settings: { authorization } }: GenerationOptions
): Promise<Views> {
  if (!open && company) return contractViews(await company.book(supergraphSdl), rules, authorization)
  const view = openView(supergraphSdl, await inSlices(apiSchemaSteps(document)))
  return open ? openViews(supergraphSdl, rules, view) : foreignViews(supergraphSdl, rules, authorization, view)
}

/** True for a supergraph that links the directives by which departments say what they own. Throws ConfigError. */
export function isCompanys(supergraphSdl: string): boolean {
  if (!supergraphSdl.includes(CONTRACT_IDENTITY)) return false
  try {
    return linkedNames(parse(supergraphSdl)).directive(CONTRACT_IDENTITY, 'owner') !== null
  } catch (failure) {
    throw explained(failure)
  }
}

/** What is wrong with the supergraph is said in one line; what is wrong with us keeps its stack. */
function explained(failure: unknown): unknown {
  if (failure instanceof GraphQLError) {
    const [{ line, column } = { line: 0, column: 0 }] = failure.locations ?? []
    return new ConfigError(`the supergraph cannot be read, line ${line}, column ${column}: ${failure.message}`)
  }
  // graphql-js and the planner throw nothing but Error for what is wrong with a schema.
  const isSchemas = failure instanceof RuleError || (failure instanceof Error && failure.constructor === Error)
  return isSchemas
    ? new ConfigError(`the supergraph cannot be served: ${failure.message}`, { cause: failure })
    : failure
}
