import type { SubgraphResponse } from '../../platform/executor/executor.ts'
import type { Access } from '../../platform/scope/scope.ts'
import type { Program, ProgramSource } from '../plan/program.ts'
import type { Caller } from './access.ts'
import { Execution, type ExecutionDeps, type SentFetch } from './execution.ts'
import { NULL } from './json-text.ts'
import { Projection } from './projection.ts'
import { Result, type ResultExtensions } from './result.ts'

const UNKNOWN = { clean: false, latin1: false }

/** What one run of a program depends on. */
export interface Answer {
  readonly variables: Readonly<Record<string, unknown>>
  /** The caller's authority; of a mutation, what it may write. */
  access(mutation: string | null): Access
  /** What goes along with every fetch. */
  readonly caller: Pick<Caller, 'headers' | 'trace'>
  /** What a subscription is answered for. */
  readonly event: SubscriptionEvent | null
  readonly signal: AbortSignal | undefined
  readonly showsPlan: boolean
}

/** One event of a subscription: what its root field holds, under the fields' own names, or how its subgraph answered. */
export type SubscriptionEvent =
  | { readonly payload: Readonly<Record<string, unknown>> }
  | { readonly response: SubgraphResponse }

/** Runs a program and projects what it gathered into the client's answer. */
export async function answer(deps: ExecutionDeps, program: Program, request: Answer): Promise<Result> {
  const { variables, access, caller, event, signal, showsPlan } = request
  program.denied.refuse?.(variables)
  const sent: SentFetch[] | null = showsPlan ? [] : null
  const execution = new Execution(deps, variables, access(null), caller, signal, sent)
  const { data } = execution
  if (event && program.source) begin(execution, program.source, event)
  if (program.introspect) Object.assign(data, program.introspect(variables))
  const { parts } = program
  for (const [i, { step, mutation, responseKey }] of parts.entries()) {
    if (mutation !== null) execution.actWith(access(mutation))
    const running = execution.run(step)
    if (running) await running
    // As in one server: what comes after a mutation whose failure makes the whole answer null is not run.
    if (responseKey !== null && i + 1 < parts.length && isNullRoot(program, execution, responseKey)) break
  }
  return project(program, execution, sent)
}

function begin(execution: Execution, { step, shape }: ProgramSource, event: SubscriptionEvent): void {
  if ('payload' in event) {
    Object.assign(execution.data, shape(event.payload))
    execution.clean = false
    execution.latin1 = false
  } else execution.receive(step, event.response)
}

function isNullRoot(program: Program, { data }: Execution, responseKey: string): boolean {
  const fields = program.shape.fields.filter(field => field.key === responseKey)
  const shape = { ...program.shape, fields }
  return new Projection(UNKNOWN).object(data, shape) === undefined
}

function project(program: Program, execution: Execution, sent: SentFetch[] | null): Result {
  const projection = new Projection(execution)
  for (const { reason, path } of program.denied.denials) projection.report(reason, path)
  const json = projection.show(execution.data, program.shape) ?? NULL
  for (const reason of execution.loose) projection.report(reason, undefined)
  const extensions = extensionsOf(execution, sent)
  return new Result({
    json,
    latin1: projection.latin1,
    ...(projection.errors.length > 0 && { errors: projection.errors }),
    ...(extensions && { extensions })
  })
}

function extensionsOf({ position, stale }: Execution, sent: SentFetch[] | null): ResultExtensions | null {
  if (position === null && !stale && sent === null) return null
  return {
    ...(position !== null && { position }),
    ...(stale && { stale }),
    ...(sent && {
      plan: {
        fetches: sent.length,
        waves: new Set(sent.map(fetch => fetch.wave)).size,
        operations: sent
      }
    })
  }
}
