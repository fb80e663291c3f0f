import type { OperationDefinitionNode } from 'graphql'

/** A plan: which operations are sent to which subgraphs, in which order. */
export type PlanNode = FetchNode | EntityFetchNode | SequenceNode | ParallelNode

export interface SequenceNode {
  readonly kind: 'Sequence'
  readonly nodes: readonly PlanNode[]
}

export interface ParallelNode {
  readonly kind: 'Parallel'
  readonly nodes: readonly PlanNode[]
}

interface Sent {
  readonly subgraph: string
  readonly operation: OperationDefinitionNode
  /** Names of the variables that the operation uses, without its representations. */
  readonly variables: readonly string[]
}

/** Root fields of a subgraph. */
export interface FetchNode extends Sent {
  readonly kind: 'Fetch'
  readonly renames: readonly Rename[]
  /** Where the fields go: at the root, or into every object at the path. */
  readonly path: PlanPath
}

/** Entities of a subgraph: one `_entities` field for each alias. */
export interface EntityFetchNode extends Sent {
  readonly kind: 'EntityFetch'
  readonly aliases: readonly EntityAlias[]
  /** Variables whose values depend on where a row stands; then there is one alias, of one path. */
  readonly contextual: readonly ContextualVariable[]
}

/** A variable that is told from an object around the rows. */
export interface ContextualVariable {
  readonly name: string
  /** As SDL says it. */
  readonly type: string
  /** How much of the rows' path leads to the object. */
  readonly depth: number
  /** Leads to the value. */
  readonly facts: readonly Requirement[]
}

export interface EntityAlias {
  /** Response key of the `_entities` field. */
  readonly alias: string
  /** Name of its variable. */
  readonly representations: string
  readonly paths: readonly PlanPath[]
  readonly requires: readonly EntityRequirement[]
  readonly renames: readonly Rename[]
}

/** How rows that carry a type, or a type that it stands for, are represented. */
export interface EntityRequirement {
  readonly condition: string
  /** The type as which they are asked for. */
  readonly as: string
  readonly facts: readonly Requirement[]
}

/** A part of a representation. */
export type Requirement =
  | {
      readonly kind: 'Field'
      /** Key in the router's data. */
      readonly from: string
      /** Key in the representation. */
      readonly to: string
      readonly inner: readonly Requirement[] | null
    }
  | { readonly kind: 'InlineFragment'; readonly condition: string; readonly inner: readonly Requirement[] }

/** A key of the answer that goes by another name in the router's data. */
export interface Rename {
  /** From an object of the answer to the one that has the key. */
  readonly path: readonly string[]
  readonly from: string
  readonly to: string
}

export type PlanPath = readonly PathSegment[]
export type PathSegment =
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'type'; readonly conditions: readonly string[] }
