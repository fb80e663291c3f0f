import { Fault } from '../../platform/errors.ts'
import type { Executor, SubgraphError, SubgraphResponse } from '../../platform/executor/executor.ts'
import type { Access } from '../../platform/scope/scope.ts'
import { MOST_COMBINATIONS } from '../plan/contextual.ts'
import type { Contextual, EntitiesStep, EntityGroup, FetchStep, Step, VariableUse } from '../plan/steps.ts'
import type { Supergraph } from '../plan/supergraph.ts'
import type { Caller } from './access.ts'
import { Bare } from './bare.ts'
import { failTarget, mergeEntities } from './entities.ts'
import { Failure, fail, type Reason } from './failure.ts'
import { type Gathered, gather } from './gather.ts'
import { gatherContextual } from './gather-contextual.ts'
import { put } from './merge.ts'
import { place } from './place-errors.ts'
import { brokenAnswer, type Report, reasonOf, reasonOfThrown, UNAVAILABLE } from './reasons.ts'

/** What runs a plan, the same for every request. */
export interface ExecutionDeps {
  readonly executors: Readonly<Record<string, Executor>>
  readonly supergraph: Supergraph
  readonly report: Report
}

/** A fetch that was sent, for those who may see the plan. */
export interface SentFetch {
  readonly subgraph: string
  readonly operation: string
  readonly wave: number
}

interface Asked {
  readonly group: EntityGroup
  readonly batch: Gathered
}

const NOBODY: Gathered = { representations: [], targets: [], indices: [], ends: [] }

/** One run of a plan: what it has gathered so far. */
export class Execution {
  readonly data: Record<string, unknown> = new Bare()
  /** Errors that no place in the data shows. */
  readonly loose: Reason[] = []
  position: number | null = null
  stale = false
  /** No text that was brought holds what JSON escapes; all of them are of Latin-1. */
  clean = true
  latin1 = true
  readonly #deps: ExecutionDeps
  readonly #variables: Readonly<Record<string, unknown>>
  readonly #signal: AbortSignal | undefined
  readonly #sent: SentFetch[] | null
  readonly #caller: Pick<Caller, 'headers' | 'trace'>
  #access: Access

  constructor(
    deps: ExecutionDeps,
    variables: Readonly<Record<string, unknown>>,
    access: Access,
    caller: Pick<Caller, 'headers' | 'trace'>,
    signal: AbortSignal | undefined,
    sent: SentFetch[] | null
  ) {
    this.#deps = deps
    this.#variables = variables
    this.#access = access
    this.#caller = caller
    this.#signal = signal
    this.#sent = sent
  }

  /** From now on with this authority, and with what is known of the log. */
  actWith(access: Access): void {
    this.#access = { ...access, readAfter: this.#access.readAfter }
  }

  /** Runs a step; the promise never rejects. Nothing to wait for = undefined. */
  run(step: Step): Promise<unknown> | undefined {
    switch (step.kind) {
      case 'sequence':
        return this.#sequence(step.steps, 0)
      case 'parallel': {
        const running: Promise<unknown>[] = []
        for (const inner of step.steps) {
          const promise = this.run(inner)
          if (promise) running.push(promise)
        }
        return running.length > 1 ? Promise.all(running) : running[0]
      }
      case 'fetch':
        return this.#fetch(step)
      case 'entities':
        return this.#entities(step)
    }
  }

  #sequence(steps: readonly Step[], from: number): Promise<unknown> | undefined {
    for (let i = from; i < steps.length; i++) {
      const step = steps[i]
      const running = step && this.run(step)
      if (running) return i + 1 < steps.length ? running.then(() => this.#sequence(steps, i + 1)) : running
    }
    return undefined
  }

  #fetch(step: FetchStep): Promise<unknown> {
    return this.#send(step, this.#used(step.variables, {})).then(
      response => this.receive(step, response),
      (thrown: unknown) => this.#failed(step, this.#thrown(thrown, step.subgraph))
    )
  }

  /** Takes in the answer to a fetch of root fields: one that this run sent, or an event of a subgraph's own subscription. */
  receive(step: FetchStep, response: SubgraphResponse): void {
    const data = this.#received(step, response)
    if (data instanceof Failure) {
      this.#failed(step, data.reason)
      return
    }
    step.rewrite?.(data)
    for (const key of step.keys) put(this.data, key, data[key], this.#deps.supergraph)
  }

  #failed(step: FetchStep, reason: Reason): void {
    fail(this.data, step.keys, new Failure(reason))
  }

  #entities(step: EntitiesStep): Promise<unknown> | undefined {
    if (step.contextual) return this.#contextual(step, step.contextual)
    const variables: Record<string, unknown> = {}
    let asked = false
    const gathered = step.groups.map(group => {
      const batch = gather(group, this.data)
      variables[group.variable] = batch.representations
      asked ||= batch.representations.length > 0
      return { group, batch }
    })
    return asked ? this.#ask(step, gathered, variables) : undefined
  }

  #contextual({ groups: [group] }: EntitiesStep, contextual: Contextual): Promise<unknown> | undefined {
    if (!group) return undefined
    const told = gatherContextual(group, contextual, this.data)
    if (told.length === 0) return undefined
    const running: Promise<unknown>[] = []
    for (let from = 0; from < told.length; from += MOST_COMBINATIONS) {
      const part = told.slice(from, from + MOST_COMBINATIONS)
      const step = contextual.step(part.length)
      const variables: Record<string, unknown> = {}
      const gathered: Asked[] = []
      for (const [i, each] of step.groups.entries()) {
        const { values, batch } = part[i] ?? { values: part[0]?.values ?? [], batch: NOBODY }
        variables[each.variable] = batch.representations
        for (const [n, name] of (step.names[i] ?? []).entries()) variables[name] = values[n]
        gathered.push({ group: each, batch })
      }
      running.push(this.#ask(step, gathered, variables))
    }
    return Promise.all(running)
  }

  #ask(step: EntitiesStep, gathered: readonly Asked[], variables: Record<string, unknown>): Promise<unknown> {
    const failed = (reason: Reason) => {
      const failure = new Failure(reason)
      for (const { group, batch } of gathered) {
        for (const target of batch.targets) failTarget(target, group, failure, this.#deps.supergraph)
      }
    }
    return this.#send(step, this.#used(step.variables, variables)).then(
      response => {
        const data = this.#received(step, response)
        if (data instanceof Failure) return failed(data.reason)
        for (const { group, batch } of gathered) {
          const entities = data[group.field]
          if (Array.isArray(entities) && entities.length === batch.representations.length) {
            mergeEntities(entities, group, batch, this.#deps.supergraph)
            continue
          }
          const failure =
            entities instanceof Failure
              ? entities.at([])
              : new Failure(brokenAnswer(step.subgraph, 'not one entity for each representation', this.#deps.report))
          for (const target of batch.targets) failTarget(target, group, failure, this.#deps.supergraph)
        }
      },
      (thrown: unknown) => failed(this.#thrown(thrown, step.subgraph))
    )
  }

  /** Rejects instead of throwing; not an async function, whose promise would be one more for each fetch. */
  #send(step: FetchStep | EntitiesStep, variables: Readonly<Record<string, unknown>>): Promise<SubgraphResponse> {
    const executor = this.#deps.executors[step.subgraph]
    if (!executor) return Promise.reject(new Fault('SUBGRAPH_UNAVAILABLE', `no executor for ${step.subgraph}`))
    if (this.#signal?.aborted) return Promise.reject(this.#signal.reason)
    const { operation, subgraph, wave } = step
    this.#sent?.push({ subgraph, operation: operation.text, wave })
    return executor.execute({
      operation,
      variables,
      access: this.#access,
      headers: this.#caller.headers,
      trace: this.#caller.trace,
      signal: this.#signal
    })
  }

  /** The answer's data with its errors in their places, or why there is none. */
  #received(
    step: FetchStep | EntitiesStep,
    {
      data,
      errors,
      extensions,
      texts
    }: Omit<SubgraphResponse, 'data'> & { readonly data: Record<string, unknown> | null }
  ): Record<string, unknown> | Failure {
    const { subgraph, operation } = step
    if (extensions?.stale === true) this.stale = true
    if (texts !== 'latin1') this.latin1 = false
    if (texts === undefined) this.clean = false
    const position = extensions?.position
    if (typeof position === 'number' && operation.kind === 'mutation') this.#written(position)
    const { report } = this.#deps
    if (typeof data !== 'object' || data === null) return this.#nothing(step, errors ?? [])
    for (const error of errors ?? []) {
      const reason = reasonOf(error, subgraph, report)
      if (!place(data, error.path, reason)) this.loose.push(reason)
    }
    return data
  }

  /** A null that moved up to the root, or a request that was refused whole: nothing came of what was asked. */
  #nothing(step: FetchStep | EntitiesStep, errors: readonly SubgraphError[]): Record<string, unknown> | Failure {
    const data = new Bare()
    let first: Failure | null = null
    for (const error of errors) {
      const [key, ...below] = error.path ?? []
      const reason = reasonOf(error, step.subgraph, this.#deps.report)
      if (typeof key !== 'string') return new Failure(reason)
      const failure = new Failure(reason, below)
      first ??= failure
      data[key] ??= failure
    }
    if (!first) return new Failure(UNAVAILABLE)
    for (const key of step.kind === 'fetch' ? step.keys : step.groups.map(({ field }) => field))
      data[key] ??= first.at([])
    return data
  }

  /** What is read from now on must know of what was written (semantics W3). */
  #written(position: number): void {
    this.position = Math.max(this.position ?? 0, position)
    this.#access = { ...this.#access, readAfter: Math.max(this.#access.readAfter ?? 0, position) }
  }

  #thrown(thrown: unknown, subgraph: string): Reason {
    return reasonOfThrown(thrown, subgraph, this.#signal, this.#deps.report)
  }

  #used(uses: readonly VariableUse[], variables: Record<string, unknown>): Readonly<Record<string, unknown>> {
    for (const { name, from } of uses) {
      const value = this.#variables[from]
      if (value !== undefined) variables[name] = value
    }
    return variables
  }
}
