import type {
  EntityBatchAlias,
  FetchNode,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode
} from '@graphql-hive/router-query-planner'
import type { SelectionSetNode } from 'graphql'
import { compileFill } from '../execute/fast-merge.ts'
import { MET_KEY } from './ast.ts'
import { type Additions, type FetchOperation, fetchOperation, responseKeys } from './fetch-operation.ts'
import { compilePath } from './paths.ts'
import { compileRequires } from './representations.ts'
import { compileRewrites, topRenames } from './rewrites.ts'
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
export function compilePlan(node: PlanNode | undefined, context: PlanContext, wave = 0): CompiledPlan {
  const compiler = new PlanCompiler(context)
  if (!node) return { step: null, waves: wave, source: null }
  const { step, end } = compiler.step(node, wave, null)
  return { step: step && withSharing(step), waves: end, source: compiler.source }
}

interface Compiled {
  readonly step: Step | null
  readonly end: number
}

class PlanCompiler {
  source: PlannedSource | null = null
  readonly #context: PlanContext

  constructor(context: PlanContext) {
    this.#context = context
  }

  step(node: PlanNode, wave: number, path: readonly FlattenNodePathSegment[] | null): Compiled {
    switch (node.kind) {
      case 'Sequence': {
        const steps: Step[] = []
        let end = wave
        for (const inner of node.nodes) {
          const compiled = this.step(inner, end, path)
          if (compiled.step) steps.push(compiled.step)
          end = compiled.end
        }
        return { step: steps.length > 0 ? { kind: 'sequence', steps } : null, end }
      }
      case 'Parallel': {
        const compiled = node.nodes.map(inner => this.step(inner, wave, path))
        const steps = compiled.flatMap(({ step }) => (step ? [step] : []))
        return { step: { kind: 'parallel', steps }, end: Math.max(wave, ...compiled.map(({ end }) => end)) }
      }
      case 'Flatten':
        return this.step(node.node, wave, node.path)
      case 'Fetch':
        return {
          step:
            node.requires && path ? this.#flattened(node, path, wave) : this.#root(node, this.#operation(node), wave),
          end: wave + 1
        }
      case 'BatchFetch': {
        const { aliases } = node.entityBatch
        return { step: this.#entities(node, aliases, wave), end: wave + 1 }
      }
      case 'Subscription':
        this.source = this.#source(node.primary, wave)
        return { step: null, end: wave }
      case 'Condition':
      case 'Defer':
        throw new Error(`the planner made a ${node.kind} of an operation without conditions and @defer`)
    }
  }

  #source(node: FetchNode, wave: number): PlannedSource {
    const fetch = this.#operation(node)
    return { step: this.#root(node, fetch, wave), fetch }
  }

  #root(node: FetchNode, fetch: FetchOperation, wave: number): FetchStep {
    return {
      kind: 'fetch',
      subgraph: node.serviceName,
      operation: fetch.operation,
      variables: this.#variables(node.variableUsages),
      wave,
      keys: [...keysOf(fetch.definition.selectionSet, fetch, node.outputRewrites).keys()],
      rewrite: compileRewrites(node.outputRewrites, this.#context.supergraph)
    }
  }

  #flattened(node: FetchNode, path: readonly FlattenNodePathSegment[], wave: number): EntitiesStep {
    const { requires = [], inputRewrites, outputRewrites } = node
    const alias: EntityBatchAlias = {
      alias: '_entities',
      representationsVariableName: 'representations',
      paths: [[...path]],
      requires,
      ...(inputRewrites && { inputRewrites }),
      ...(outputRewrites && { outputRewrites })
    }
    return this.#entities(node, [alias], wave)
  }

  #entities(
    node: Pick<FetchNode, 'serviceName' | 'operation' | 'variableUsages'>,
    aliases: readonly EntityBatchAlias[],
    wave: number
  ): EntitiesStep {
    const fetch = this.#operation(node)
    return {
      kind: 'entities',
      subgraph: node.serviceName,
      operation: fetch.operation,
      variables: this.#variables(node.variableUsages),
      wave,
      groups: aliases.map(alias => this.#group(alias, fetch, node.serviceName))
    }
  }

  #group(alias: EntityBatchAlias, fetch: FetchOperation, subgraph: string): EntityGroup {
    const { supergraph } = this.#context
    const field = fetch.definition.selectionSet.selections.find(
      selection => selection.kind === 'Field' && (selection.alias?.value ?? selection.name.value) === alias.alias
    )
    if (field?.kind !== 'Field' || !field.selectionSet)
      throw new Error(`the planner made no selection for ${alias.alias}`)
    const fields = keysOf(field.selectionSet, fetch, alias.outputRewrites)
    const [bringsTypename, bringsMet] = [fields.delete('__typename'), fields.delete(MET_KEY)]
    const interfaceObjects = typeConditions(field.selectionSet).filter(supergraph.isInterfaceObject)
    const asked = { subgraph, supergraph, fields, interfaceObjects }
    return {
      field: alias.alias,
      variable: alias.representationsVariableName,
      paths: alias.paths.map(path => compilePath(path, supergraph)),
      collect: [],
      representers: compileRequires(alias.requires, compileRewrites(alias.inputRewrites, supergraph), asked),
      keys: [...fields.keys()],
      fill: compileFill([...fields.keys()]),
      bringsTypename,
      bringsMet,
      rewrite: compileRewrites(alias.outputRewrites, supergraph),
      sharing: 'never'
    }
  }

  #operation({ operation, serviceName }: Pick<FetchNode, 'operation' | 'serviceName'>): FetchOperation {
    return fetchOperation(operation, serviceName, this.#context)
  }

  #variables(usages: readonly string[] | undefined): readonly VariableUse[] {
    return (usages ?? []).map(name => ({ name, from: this.#client(name) }))
  }

  #client(name: string): string {
    return this.#context.variables.get(name) ?? name
  }
}

/** The keys that an answer's outermost objects have once it is rewritten, with the fields that they stand for. */
function keysOf(set: SelectionSetNode, { fragments }: FetchOperation, rewrites: readonly FetchRewrite[] | undefined) {
  const keys = responseKeys(set, fragments)
  for (const [from, to] of topRenames(rewrites)) keys.set(to, keys.get(from) ?? new Set([to]))
  return keys
}

function typeConditions(set: SelectionSetNode): readonly string[] {
  return set.selections.flatMap(s =>
    s.kind === 'InlineFragment' && s.typeCondition ? [s.typeCondition.name.value] : []
  )
}
