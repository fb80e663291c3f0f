import type { SubgraphOperation } from '../../platform/executor/executor.ts'
import type { Collect } from '../execute/fast-collect.ts'
import type { Fill } from '../execute/fast-merge.ts'
import type { Path } from './paths.ts'
import type { Representers } from './representations.ts'
import type { Rewrite } from './rewrites.ts'
import type { Sharing } from './sharing.ts'

/** A plan as it is run. */
export type Step = SequenceStep | ParallelStep | FetchStep | EntitiesStep

export interface SequenceStep {
  readonly kind: 'sequence'
  readonly steps: readonly Step[]
}

export interface ParallelStep {
  readonly kind: 'parallel'
  readonly steps: readonly Step[]
}

interface Sent {
  readonly subgraph: string
  readonly operation: SubgraphOperation
  readonly variables: readonly VariableUse[]
  /** How many waves of fetches come before this one. */
  readonly wave: number
}

/** A variable of a fetch and the client's variable whose value it takes. */
export interface VariableUse {
  readonly name: string
  readonly from: string
}

/** Root fields of one subgraph. */
export interface FetchStep extends Sent {
  readonly kind: 'fetch'
  readonly keys: readonly string[]
  readonly rewrite: Rewrite | null
}

/** Entities of one subgraph. */
export interface EntitiesStep extends Sent {
  readonly kind: 'entities'
  readonly groups: readonly EntityGroup[]
  /** What the rows of its one group are told, and where from; null = nothing. */
  readonly contextual: Contextual | null
}

/** Variables whose values rows are told from objects around them. */
export interface Contextual {
  /** `depth`: how many steps of the rows' path lead to the object. Undefined or a Failure = the value did not come. */
  readonly values: readonly {
    readonly depth: number
    read(object: Readonly<Record<string, unknown>>): unknown
  }[]
  /** The step that asks for the rows of at least so many combinations of values; `names` are the variables of each. */
  step(combinations: number): EntitiesStep & { readonly names: readonly (readonly string[])[] }
}

/** Entities that are asked alike: one `_entities` field of a fetch. */
export interface EntityGroup {
  /** Response key of the `_entities` field. */
  readonly field: string
  /** Name of its representations variable. */
  readonly variable: string
  readonly paths: readonly Path[]
  /** By path: finds the objects there. */
  readonly collect: readonly Collect[]
  readonly representers: Representers
  /** Keys that an entity brings, without `__typename` and scope bits. */
  readonly keys: readonly string[]
  readonly fill: Fill
  readonly bringsTypename: boolean
  readonly bringsMet: boolean
  /** Something that later fetches may complete, or that merges with what another brought. */
  readonly bringsObjects: boolean
  readonly rewrite: Rewrite | null
  /** Whether objects at these paths may hold the same parts of one entity. */
  readonly sharing: Sharing
}
