import type { GraphQLSchema } from 'graphql'
import type { Access } from '../platform/scope/scope.ts'
import type { Consumer } from './consumer.ts'

/** How a value is changed before it is shown. Pure; null stays null. Its output scalar stands in the view's schema. */
export interface Mask {
  readonly name: string
  apply(value: unknown): unknown
}

/**
 * What exists for a party class, and on which conditions. Compiled from the book; the one authority that validation,
 * introspection, planning, execution and delivery read.
 */
export interface View {
  /** Decision class: a hash of all that decides an answer besides the claims. Part of every cache key. */
  readonly id: string
  readonly party: string
  /** What the consumer can see; what is not here does not exist for it. */
  readonly schema: GraphQLSchema
  /** By coordinate `Type.field`. */
  readonly masks: ReadonlyMap<string, Mask>
  /**
   * By type, then field: the bit set of row scopes (indices into `Access.read[type]`) under which the cell is granted.
   * Only types whose fields differ are listed; for every other type the subgraph's WHERE is enough (semantics K3, K4).
   */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, number>>
  /**
   * What the schema shows and this caller may not have, by the graph's own rules (`@authenticated`, `@requiresScopes`,
   * `@policy`): types by name, fields by coordinate. Absent when the graph has no such rules.
   */
  readonly denied?: ReadonlySet<string>
  /** Whether a request for anything denied is refused as a whole; otherwise the rest of it is answered. */
  readonly rejects?: boolean
  /**
   * Binds the row scopes to one consumer's claims. A scope whose claim is missing is dropped: fail closed. What may be
   * written depends on the `mutation` (its field's name) that is about to run.
   */
  access(consumer: Consumer, mutation?: string): Pick<Access, 'read' | 'write'>
}

/** The compiled book of contracts. */
export interface Book {
  /** Hash of all contracts in force. */
  readonly version: string
  /** Null when nothing is granted to the party: the caller is refused. */
  view(party: string): View | null
}
