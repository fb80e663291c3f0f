import type { Shape } from '../execute/projection.ts'
import type { Document } from '../prepare/document.ts'
import { compilePlan, type PlanContext } from './compile-plan.ts'
import { dataKeys } from './data-keys.ts'
import { compileIntrospection, type Introspect } from './introspection.ts'
import { compilePayload, type ShapePayload } from './payload.ts'
import type { Planner } from './planner.ts'
import { type PlannerDocument, plannerDocument } from './planner-document.ts'
import { rootFields } from './root-fields.ts'
import { compileShape } from './shapes.ts'
import type { Step } from './steps.ts'
import type { Supergraph } from './supergraph.ts'

/** All of one operation, for one view and one set of conditions, that no request changes: compiled once, run many times. */
export interface Program {
  /** Run one after the other: mutations come one by one, anything else whole. */
  readonly parts: readonly ProgramPart[]
  readonly shape: Shape
  readonly introspect: Introspect | null
  /** Of a subscription. */
  readonly payload: ShapePayload | null
}

export interface ProgramPart {
  readonly step: Step
  /** Of a mutation: its field, whose rights count. */
  readonly mutation: string | null
  /** The root field that the part answers, when others come after it. */
  readonly responseKey: string | null
}

/** Plans and compiles a document whose conditions are resolved. */
export async function compileProgram(document: Document, supergraph: Supergraph, planner: Planner): Promise<Program> {
  const dataKey = dataKeys()
  const shape = compileShape(document, supergraph, dataKey)
  const asked = plannerDocument(document, supergraph, dataKey)
  const context = { supergraph, cells: document.view.cells, variables: asked.variables }
  const program = { shape, introspect: compileIntrospection(document), payload: null }
  if (asked.whole === null) return { ...program, parts: [] }

  const { step, primary } = compilePlan(await planner.plan(asked.whole), context)
  const [mutation = null, ...others] = mutationsOf(document)
  // The planner would read one mutation's payload while the next one writes, and each has its own rights.
  if (asked.steps && (others.some(name => name !== mutation) || step?.kind !== 'fetch')) {
    return { ...program, parts: await oneByOne(asked.steps, planner, context) }
  }
  return {
    ...program,
    parts: step ? [{ step, mutation, responseKey: null }] : [],
    payload: primary && compilePayload(primary, supergraph)
  }
}

async function oneByOne(
  steps: NonNullable<PlannerDocument['steps']>,
  planner: Planner,
  context: PlanContext
): Promise<readonly ProgramPart[]> {
  const parts: ProgramPart[] = []
  let waves = 0
  for (const { responseKey, mutation, text } of steps) {
    const part = compilePlan(await planner.plan(text), context, waves)
    waves = part.waves
    if (part.step) parts.push({ step: part.step, mutation, responseKey })
  }
  return parts
}

function mutationsOf(document: Document): readonly string[] {
  return document.operation.operation === 'mutation' ? rootFields(document).map(field => field.name.value) : []
}
