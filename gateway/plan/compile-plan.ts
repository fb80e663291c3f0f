import { OperationTypeNode, type SelectionSetNode } from 'graphql'
import { compileFill } from '../execute/fast-merge.ts'
import { MET_KEY } from './ast.ts'
import { compileContextual } from './contextual.ts'
import { type Additions, type FetchOperation, fetchOperation, responseKeys, selectsObjects } from './fetch-operation.ts'
import type { EntityAlias, EntityFetchNode, FetchNode, PlanNode, PlanPath, Rename } from './fetches/plan-node.ts'
import { inSlices, type Steps } from './in-slices.ts'
import { type Path, pathCompiler } from './paths.ts'
import { compileRequires } from './representations.ts'
import { compileRenames } from './rewrites.ts'
import { withSharing } from './sharing.ts'
import type { EntitiesStep, EntityGroup, FetchStep, Step, VariableUse } from './steps.ts'

export interface CompiledPlan {
  /** Null when nothing is fetched. */
  readonly step: Step | null
  /** Waves of fetches, one after the other. */
  readonly waves: number
  /** The first fetch of a subscription, which each event answers. */
  readonly source: PlannedSource | null
}

/** What a subscription is to its subgraph. */
export interface PlannedSource {
  readonly step: FetchStep
  readonly fetch: FetchOperation
}

/** What the compiler needs besides the plan. */
export interface PlanContext extends Additions {
  /** The planner's variable names → the client's. */
  readonly variables: ReadonlyMap<string, string>
}

/** Compiles a plan once, so that running it touches no syntax tree. `wave` is where its first fetches stand. */
export async function compilePlan(node: PlanNode | undefined, context: PlanContext, wave = 0): Promise<CompiledPlan> {
  const compiler = new PlanCompiler(context)
  if (!node) return { step: null, waves: wave, source: null }
  const { step, end } = await inSlices(compiler.step(node, wave))
  return { step: step && (await inSlices(withSharing(step))), waves: end, source: compiler.source }
}

interface Compiled {
  readonly step: Step | null
  readonly end: number
}

class PlanCompiler {
  source: PlannedSource | null = null
  readonly #context: PlanContext
  readonly #path: (path: PlanPath) => Path

  constructor(context: PlanContext) {
    this.#context = context
    this.#path = pathCompiler(context.supergraph)
  }

  *step(node: PlanNode, wave: number): Steps<Compiled> {
    switch (node.kind) {
      case 'Sequence': {
        const steps: Step[] = []
        let end = wave
        for (const inner of node.nodes) {
          const compiled = yield* this.step(inner, end)
          if (compiled.step) steps.push(compiled.step)
          end = compiled.end
        }
        return { step: steps.length > 0 ? { kind: 'sequence', steps } : null, end }
      }
      case 'Parallel': {
        const compiled: Compiled[] = []
        for (const inner of node.nodes) compiled.push(yield* this.step(inner, wave))
        const steps = compiled.flatMap(({ step }) => (step ? [step] : []))
        return { step: { kind: 'parallel', steps }, end: Math.max(wave, ...compiled.map(({ end }) => end)) }
      }
      case 'Fetch': {
        yield
        const fetch = yield* this.#operation(node)
        const step = this.#root(node, fetch, wave)
        if (node.operation.operation !== OperationTypeNode.SUBSCRIPTION) return { step, end: wave + 1 }
        this.source = { step, fetch }
        return { step: null, end: wave }
      }
      case 'EntityFetch':
        yield
        return { step: yield* this.#entities(node, wave), end: wave + 1 }
    }
  }

  #root(node: FetchNode, fetch: FetchOperation, wave: number): FetchStep {
    return {
      kind: 'fetch',
      subgraph: node.subgraph,
      operation: fetch.operation,
      variables: this.#variables(node.variables),
      wave,
      keys: [...keysOf(fetch.definition.selectionSet, fetch, node.renames).keys()],
      rewrite: compileRenames(node.renames)
    }
  }

  *#entities(node: EntityFetchNode, wave: number): Steps<EntitiesStep> {
    const fetch = yield* this.#operation(node)
    const step = {
      kind: 'entities' as const,
      subgraph: node.subgraph,
      operation: fetch.operation,
      variables: this.#variables(node.variables),
      wave,
      groups: node.aliases.map(alias => this.#group(alias, fetch, node.subgraph))
    }
    const { contextual } = node
    if (contextual.length === 0) return { ...step, contextual: null }
    return { ...step, contextual: compileContextual(contextual, step, fetch, this.#context.supergraph) }
  }

  #group(alias: EntityAlias, fetch: FetchOperation, subgraph: string): EntityGroup {
    const { supergraph } = this.#context
    const field = fetch.definition.selectionSet.selections.find(
      selection => selection.kind === 'Field' && (selection.alias?.value ?? selection.name.value) === alias.alias
    )
    if (field?.kind !== 'Field' || !field.selectionSet) throw new Error(`the plan has no selection for ${alias.alias}`)
    const fields = keysOf(field.selectionSet, fetch, alias.renames)
    const [bringsTypename, bringsMet] = [fields.delete('__typename'), fields.delete(MET_KEY)]
    return {
      field: alias.alias,
      variable: alias.representations,
      paths: alias.paths.map(this.#path),
      collect: [],
      representers: compileRequires(alias.requires, { subgraph, supergraph, fields }),
      keys: [...fields.keys()],
      fill: compileFill([...fields.keys()]),
      bringsTypename,
      bringsMet,
      bringsObjects: selectsObjects(field.selectionSet, fetch.fragments),
      rewrite: compileRenames(alias.renames),
      sharing: 'never'
    }
  }

  #operation({ operation, subgraph }: Pick<FetchNode, 'operation' | 'subgraph'>): Steps<FetchOperation> {
    return fetchOperation(operation, subgraph, this.#context)
  }

  #variables(names: readonly string[]): readonly VariableUse[] {
    return names.map(name => ({ name, from: this.#client(name) }))
  }

  #client(name: string): string {
    return this.#context.variables.get(name) ?? name
  }
}

/** The keys that an answer's outermost objects have once it is rewritten, with the fields that they stand for. */
function keysOf(set: SelectionSetNode, { fragments }: FetchOperation, renames: readonly Rename[]) {
  const keys = responseKeys(set, fragments)
  for (const { path, from, to } of renames) {
    if (path.length > 0) continue
    keys.set(to, new Set([...(keys.get(to) ?? []), ...(keys.get(from) ?? [])]))
    keys.delete(from)
  }
  return keys
}
