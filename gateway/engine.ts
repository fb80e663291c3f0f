import type { Logger } from 'pino'
import QuickLRU from 'quick-lru'
import { invariant } from '../platform/errors.ts'
import type { Executor } from '../platform/executor/executor.ts'
import { accessOf, type Caller } from './execute/access.ts'
import { type Answer, answer } from './execute/answer.ts'
import type { ExecutionDeps } from './execute/execution.ts'
import { createJoin } from './execute/join.ts'
import type { Result } from './execute/result.ts'
import { createPlanner } from './plan/planner.ts'
import { compileProgram, type Program } from './plan/program.ts'
import { resolveConditions } from './plan/resolve-conditions.ts'
import { readSupergraph } from './plan/supergraph.ts'
import { type Document, prepareDocument } from './prepare/document.ts'
import { DEFAULT_LIMITS, type Limits } from './prepare/limits.ts'
import { type GraphQLRequest, shapeRequest } from './prepare/request.ts'

export type { Caller } from './execute/access.ts'
export type { Result } from './execute/result.ts'
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
  readonly wantsPlan: boolean
}

/** The router's core: one path for every transport. */
export interface Engine extends AsyncDisposable {
  /** Throws RequestError. */
  prepare(request: GraphQLRequest, caller: Caller): Prepared
  /** Runs a query or mutation. Throws RequestError when it cannot be planned. */
  execute(prepared: Prepared, caller: Caller, signal?: AbortSignal): Promise<Result>
  /** Answers a subscription for one event: `payload` is what its root field holds, under the fields' own names. */
  deliver(
    prepared: Prepared,
    caller: Caller,
    payload: Readonly<Record<string, unknown>>,
    signal?: AbortSignal
  ): Promise<Result>
}

export interface EngineOptions {
  readonly supergraphSdl: string
  /** By subgraph name. Who made them disposes of them. */
  readonly executors: Readonly<Record<string, Executor>>
  readonly logger?: Pick<Logger, 'error'>
  readonly limits?: Partial<Limits>
  /** How many operations are kept compiled. */
  readonly cacheSize?: number
  /** Identical queries of one caller that are on their way at once are run once; off unless it is said. */
  readonly dedupe?: boolean
}

/** Longer documents are compiled each time, so that the cache is bounded in bytes, too. */
const MAX_CACHED_TEXT = 32_768

/** Combinations of the variables of `@skip` and `@include` that are kept compiled for one operation. */
const MAX_VARIANTS = 32

/** Makes the federated execution engine of one supergraph. */
export function createEngine({
  supergraphSdl,
  executors,
  logger,
  limits: given,
  cacheSize = 1000,
  dedupe = false
}: EngineOptions): Engine {
  const limits: Limits = { ...DEFAULT_LIMITS, ...given }
  const supergraph = readSupergraph(supergraphSdl)
  const planner = createPlanner(supergraphSdl, limits.planning)
  const deps: ExecutionDeps = { executors, supergraph, report: (about, message) => logger?.error(about, message) }
  const documents = new QuickLRU<string, Document>({ maxSize: cacheSize })
  const join = dedupe ? createJoin() : null
  const programs = new WeakMap<Document, QuickLRU<string, Program | Promise<Program>>>()

  const documentOf = (text: string, operationName: string | null, caller: Caller): Document => {
    // The name is a GraphQL name, so no other pair of name and text makes the same key.
    const key = `${caller.view.id}\n${operationName ?? ''}\n${text}`
    const known = documents.get(key)
    if (known) return known
    const document = prepareDocument(text, operationName, caller.view, limits)
    if (text.length <= MAX_CACHED_TEXT) documents.set(key, document)
    return document
  }

  const programOf = (document: Document, variables: Prepared['variables']): Program | Promise<Program> => {
    const variant = document.conditions.map(name => (variables[name] === true ? 1 : 0)).join('')
    const variants = programs.get(document) ?? new QuickLRU({ maxSize: MAX_VARIANTS })
    programs.set(document, variants)
    const known = variants.get(variant)
    if (known) return known
    const compiling = compileProgram(resolveConditions(document, variables), supergraph, planner)
    variants.set(variant, compiling)
    compiling.then(
      program => variants.set(variant, program),
      // What failed once, such as for lack of time, may succeed later.
      () => variants.delete(variant)
    )
    return compiling
  }

  const run = async (
    prepared: Prepared,
    caller: Caller,
    payload: Readonly<Record<string, unknown>> | null,
    signal: AbortSignal | undefined
  ): Promise<Result> => {
    invariant(caller.view.id === prepared.document.view.id, 'a request is run under the view that it was prepared for')
    const found = programOf(prepared.document, prepared.variables)
    const program = found instanceof Promise ? await found : found
    const showsPlan = prepared.wantsPlan && caller.consumer.kind === 'operator'
    const request: Answer = {
      variables: prepared.variables,
      access: mutation => accessOf(caller, mutation),
      caller,
      payload,
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
      return join.run(prepared.document, prepared.variables, caller, signal, all => run(prepared, caller, null, all))
    }
    join.written()
    try {
      return await run(prepared, caller, null, signal)
    } finally {
      join.written()
    }
  }

  return {
    prepare(request, caller) {
      const { text, operationName, variables: raw, wantsPlan } = shapeRequest(request)
      const document = documentOf(text, operationName, caller)
      const { operation, subscription } = document
      const variables = document.coerce(raw)
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
        wantsPlan
      }
    },
    execute,
    deliver: (prepared, caller, payload, signal) => run(prepared, caller, payload, signal),
    [Symbol.asyncDispose]: async () => documents.clear()
  }
}
