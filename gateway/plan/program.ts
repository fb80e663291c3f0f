import { setImmediate as breath } from 'node:timers/promises'
import { type Authorized, authorize } from '../authorize/authorize.ts'
import type { Shape } from '../execute/projection.ts'
import type { Document } from '../prepare/document.ts'
import { compilePlan, type PlanContext } from './compile-plan.ts'
import { dataKeys } from './data-keys.ts'
import { inSlices } from './in-slices.ts'
import { compileIntrospection, type Introspect } from './introspection.ts'
import type { LabelSet } from './override-labels.ts'
import { compilePayload, type ShapePayload } from './payload.ts'
import type { Planner } from './planner.ts'
import { type PlannerDocument, plannerDocument } from './planner-document.ts'
import { rootFields } from './root-fields.ts'
import { compileShape } from './shapes.ts'
import type { FetchStep, Step } from './steps.ts'
import type { Supergraph } from './supergraph.ts'

/** All of one operation, for one view and one set of conditions, that no request changes: compiled once, run many times. */
export interface Program {
  /** Run one after the other: mutations come one by one, anything else whole. */
  readonly parts: readonly ProgramPart[]
  readonly shape: Shape
  readonly introspect: Introspect | null
  /** Of a subscription: where its events come from. Null also when nothing of it is asked for. */
  readonly source: ProgramSource | null
  /** What the caller may not have of it, and which values would be too much. */
  readonly denied: Pick<Authorized, 'denials' | 'refuse'>
}

/** What a subscription asks its subgraph for, once; each event answers it. */
export interface ProgramSource {
  readonly step: FetchStep
  /** Gives an event that no subgraph answered the form in which one would have. */
  readonly shape: ShapePayload
}

export interface ProgramPart {
  readonly step: Step
  /** Of a mutation: its field, whose rights count. */
  readonly mutation: string | null
  /** The root field that the part answers, when others come after it. */
  readonly responseKey: string | null
}

/** Operations that let others have a turn between the steps of their compilation. */
const LARGE = 200

/** Plans and compiles a document whose conditions are resolved, for some labels. Throws RequestError when its caller may not have it. */
export async function compileProgram(
  given: Document,
  supergraph: Supergraph,
  planner: Planner,
  labels: LabelSet
): Promise<Program> {
  const isLarge = given.selections > LARGE
  if (isLarge) await breath()
  const { planned: document, shown, nulls, ...denied } = authorize(given, supergraph)
  const dataKey = dataKeys()
  const shape = compileShape(shown, supergraph, dataKey, nulls)
  if (isLarge) await breath()
  const asked = await inSlices(plannerDocument(document, supergraph, dataKey))
  const context = { supergraph, cells: document.view.cells, variables: asked.variables }
  const program = { shape, introspect: compileIntrospection(given), source: null, denied }
  if (asked.whole === null) return { ...program, parts: [] }

  const size = Math.max(given.selections, asked.size)
  const plan = (text: string) => planner.plan(text, size, labels)
  const whole = await plan(asked.whole)
  if (size > LARGE) await breath()
  const { step, source } = await compilePlan(whole, context)
  const [mutation = null, ...others] = mutationsOf(document)
  // The planner would read one mutation's payload while the next one writes, and each has its own rights.
  if (asked.steps && (others.some(name => name !== mutation) || step?.kind !== 'fetch')) {
    return { ...program, parts: await oneByOne(asked.steps, plan, context) }
  }
  return {
    ...program,
    parts: step ? [{ step, mutation, responseKey: null }] : [],
    source: source && { step: source.step, shape: compilePayload(source.fetch, supergraph) }
  }
}

async function oneByOne(
  steps: NonNullable<PlannerDocument['steps']>,
  plan: (text: string) => ReturnType<Planner['plan']>,
  context: PlanContext
): Promise<readonly ProgramPart[]> {
  const parts: ProgramPart[] = []
  let waves = 0
  for (const { responseKey, mutation, text } of steps) {
    const part = await compilePlan(await plan(text), context, waves)
    waves = part.waves
    if (part.step) parts.push({ step: part.step, mutation, responseKey })
  }
  return parts
}

function mutationsOf(document: Document): readonly string[] {
  return document.operation.operation === 'mutation' ? rootFields(document).map(field => field.name.value) : []
}
