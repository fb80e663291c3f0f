import type { Logger } from 'pino'
import { invariant } from '../platform/errors.ts'
import type { Executor } from '../platform/executor/executor.ts'
import { createWrites, type Writes } from '../platform/executor/writes.ts'
import { accessOf, type Caller } from './execute/access.ts'
import { type Answer, answer, type SubscriptionEvent } from './execute/answer.ts'
import { type EventSource, eventSource } from './execute/event-source.ts'
import type { ExecutionDeps } from './execute/execution.ts'
import { createJoin } from './execute/join.ts'
import type { Result } from './execute/result.ts'
import { OperationCache } from './operation-cache.ts'
import { type Graph, graphSteps } from './plan/graph.ts'
import { atOnce } from './plan/in-slices.ts'
import { type OverrideLabels, readLabels } from './plan/override-labels.ts'
import { createPlanner } from './plan/planner.ts'
import { compileProgram, type Program } from './plan/program.ts'
import { resolveConditions } from './plan/resolve-conditions.ts'
import { readCostRules } from './prepare/cost-rules.ts'
import { type Document, prepareDocument } from './prepare/document.ts'
import { documentFinder, type FindDocument } from './prepare/documents.ts'
import { DEFAULT_LIMITS, type Limits } from './prepare/limits.ts'
import { type GraphQLRequest, type ShapedRequest, shapeRequest } from './prepare/request.ts'
import { RequestError } from './prepare/request-error.ts'
import { checkTogether } from './prepare/together.ts'

export type { Caller } from './execute/access.ts'
export type { SubscriptionEvent } from './execute/answer.ts'
export type { EventSource } from './execute/event-source.ts'
export { Result } from './execute/result.ts'
export type { GraphQLRequest } from './prepare/request.ts'
export { RequestError } from './prepare/request-error.ts'

/** A request that may be run: well formed, within the limits, valid for the caller's view, its variables coerced. */
export interface Prepared {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly operationName: string | null
  /** Coerced by the view, under the client's names. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The one root field of a subscription. */
  readonly subscription?: {
    readonly field: string
    readonly responseKey: string
    readonly args: Readonly<Record<string, unknown>>
  }
  readonly document: Document
  /** What it may cost at most, within the limit. */
  readonly cost: number
  readonly wantsPlan: boolean
  /** Decides which labels of progressive overrides apply, as long as the request lasts: a number from 0 up to 1. */
  readonly draw: number
  /** The document as it was found, and what was asked of it: to prepare it again for what outlives a view. */
  readonly text: string
  readonly asked: ShapedRequest
}

/** The router's core: one path for every transport. */
export interface Engine extends AsyncDisposable {
  /** Throws RequestError. */
  prepare(request: GraphQLRequest, caller: Caller): Prepared
  /** Holds operations that were sent together to the limits of one. Throws RequestError OPERATION_LIMIT. */
  checkTogether(operations: readonly Prepared[]): void
  /** Prepares the same request again, for a view that took the place of the one before. Throws RequestError. */
  renew(prepared: Prepared, caller: Caller): Prepared
  /** Runs a query or mutation. Throws RequestError when it cannot be planned. */
  execute(prepared: Prepared, caller: Caller, signal?: AbortSignal): Promise<Result>
  /**
   * Where the events of a subscription come from; null when nothing of it is asked for, which `execute` answers. Throws
   * RequestError when it cannot be planned.
   */
  source(prepared: Prepared, caller: Caller): Promise<EventSource | null>
  /** Answers a subscription for one event. */
  deliver(prepared: Prepared, caller: Caller, event: SubscriptionEvent, signal?: AbortSignal): Promise<Result>
}

/** Told of what the engine does, for metrics. Nothing of it may throw. */
export interface EngineWatch {
  /** A compiled operation was at hand. */
  readonly found: () => void
  /** An operation was planned and compiled in so many seconds. */
  readonly compiled: (seconds: number) => void
  /** A query was answered by an identical one that was on its way. */
  readonly joined: () => void
  /** A request was refused because of this limit. */
  readonly limited: (limit: string) => void
}

export interface EngineOptions {
  readonly supergraphSdl: string
  /** The same when it is read already: for a large one that takes long. */
  readonly graph?: Graph
  /** By subgraph name. Who made them disposes of them. */
  readonly executors: Readonly<Record<string, Executor>>
  readonly logger?: Pick<Logger, 'error'>
  readonly limits?: Partial<Limits>
  /** Where documents come from; by default from the request alone. It may outlive the engine. */
  readonly documents?: FindDocument
  /** How many operations are kept compiled. */
  readonly cacheSize?: number
  /** Identical queries of one caller that are on their way at once are run once; off unless it is said. */
  readonly dedupe?: boolean
  /** What was written through the gateway: all its engines and executors share one. */
  readonly writes?: Writes
  /** How often labels of progressive overrides apply. */
  readonly overrideLabels?: OverrideLabels
  /** Draws a number from 0 up to 1. */
  readonly chance?: () => number
  readonly watch?: EngineWatch
}

/** Makes the federated execution engine of one supergraph. */
export function createEngine({
  supergraphSdl,
  graph = atOnce(graphSteps(supergraphSdl)),
  executors,
  logger,
  limits: given,
  documents: find = documentFinder({ trusted: null, trustedOnly: false, automatic: null }),
  cacheSize = 1000,
  dedupe = false,
  writes = createWrites(),
  overrideLabels = {},
  chance = Math.random,
  watch
}: EngineOptions): Engine {
  const limits: Limits = { ...DEFAULT_LIMITS, ...given }
  const { supergraph, document } = graph
  const costs = readCostRules(document)
  const deps: ExecutionDeps = { executors, supergraph, report: (about, message) => logger?.error(about, message) }
  const labelsAt = readLabels(supergraph.schema, overrideLabels)
  const planner = createPlanner(graph, limits.planning, labelsAt(0.5))
  const operations = new OperationCache(cacheSize)
  const join = dedupe ? createJoin(writes, watch?.joined) : null

  const documentOf = (text: string, operationName: string | null, caller: Caller): Document => {
    // The name is a GraphQL name, so no other pair of name and text makes the same key.
    const key = `${caller.view.id}\n${operationName ?? ''}\n${text}`
    const known = operations.get(key)
    if (known) return known
    const document = prepareDocument(text, operationName, caller.view, limits, costs)
    operations.set(key, document)
    return document
  }

  const programOf = ({ document, variables, draw }: Prepared): Program | Promise<Program> => {
    const applying = labelsAt(draw)
    const variant = `${document.conditions.map(name => (variables[name] === true ? 1 : 0)).join('')} ${applying.id}`
    const variants = operations.variants(document)
    const known = variants.get(variant)
    if (known) {
      watch?.found()
      return known
    }
    const began = performance.now()
    const compiling = compileProgram(resolveConditions(document, variables), supergraph, planner, applying)
    variants.set(variant, compiling)
    compiling.then(
      program => {
        variants.set(variant, program)
        operations.compiled(document)
        watch?.compiled((performance.now() - began) / 1000)
      },
      // What failed once, such as for lack of time, may succeed later.
      () => variants.delete(variant)
    )
    return compiling
  }

  const limited = (thrown: unknown): never => {
    const { code, limit } = (thrown instanceof RequestError && thrown.errors[0]?.extensions) || {}
    if (code === 'OPERATION_LIMIT' && typeof limit === 'string') watch?.limited(limit)
    throw thrown
  }

  const run = async (
    prepared: Prepared,
    caller: Caller,
    event: SubscriptionEvent | null,
    signal: AbortSignal | undefined
  ): Promise<Result> => {
    invariant(caller.view.id === prepared.document.view.id, 'a request is run under the view that it was prepared for')
    const found = programOf(prepared)
    const program = found instanceof Promise ? await found.catch(limited) : found
    const showsPlan = prepared.wantsPlan && caller.consumer.kind === 'operator'
    const request: Answer = {
      variables: prepared.variables,
      access: mutation => accessOf(caller, mutation),
      caller,
      event,
      signal,
      showsPlan
    }
    return answer(deps, program, request)
  }

  const execute: Engine['execute'] = async (prepared, caller, signal) => {
    if (!join || prepared.kind === 'subscription') return run(prepared, caller, null, signal)
    if (prepared.kind === 'query') {
      // Who asked first may have asked to see the plan.
      if (prepared.wantsPlan) return run(prepared, caller, null, signal)
      const { document, variables, draw } = prepared
      return join.run({ document, variables, labels: labelsAt(draw).id }, caller, signal, all =>
        run(prepared, caller, null, all)
      )
    }
    writes.written()
    try {
      return await run(prepared, caller, null, signal)
    } finally {
      writes.written()
    }
  }

  const prepare = (text: string, asked: ShapedRequest, caller: Caller, draw: number): Prepared => {
    const document = documentOf(text, asked.operationName, caller)
    const { operation, subscription } = document
    const variables = document.coerce(asked.variables)
    return {
      kind: operation.operation,
      operationName: operation.name?.value ?? null,
      variables,
      ...(subscription && {
        subscription: {
          field: subscription.field,
          responseKey: subscription.responseKey,
          args: subscription.args(variables)
        }
      }),
      document,
      cost: document.cost(variables),
      wantsPlan: asked.wantsPlan,
      draw,
      text,
      asked
    }
  }

  return {
    prepare(request, caller) {
      try {
        const asked = shapeRequest(request)
        return prepare(find(asked, caller), asked, caller, chance())
      } catch (thrown) {
        return limited(thrown)
      }
    },
    checkTogether(operations) {
      try {
        checkTogether(operations)
      } catch (thrown) {
        limited(thrown)
      }
    },
    renew: ({ text, asked, draw }, caller) => prepare(text, asked, caller, draw),
    execute,
    async source(prepared, caller) {
      const found = programOf(prepared)
      const { source, denied } = found instanceof Promise ? await found.catch(limited) : found
      denied.refuse?.(prepared.variables)
      return source && eventSource(deps, source.step, prepared.variables, accessOf(caller, null), caller)
    },
    deliver: (prepared, caller, event, signal) => run(prepared, caller, event, signal),
    async [Symbol.asyncDispose]() {
      operations.clear()
      await planner[Symbol.asyncDispose]()
    }
  }
}
