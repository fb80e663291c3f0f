import type { ScopeKey } from '../platform/scope/scope.ts'
import type { MaskClause } from './masks.ts'
import type { Source } from './problem.ts'

/** A contract as people write and sign it; its shape is `contract.schema.json`. */
export interface ContractDocument {
  readonly id: string
  readonly version: string
  readonly status: ContractStatus
  readonly stage: ContractStage
  /** The department that owns what is granted. */
  readonly provider: string
  /** The party class that receives it (K1). */
  readonly consumer: string
  readonly purpose: string
  /** Days of the company's zone, both included. */
  readonly valid: { readonly from: string; readonly until: string }
  /** How long before its end a grant is withdrawn in good faith: an ISO 8601 duration. */
  readonly notice: string
  /** Default row scopes of everything the contract grants. */
  readonly scope?: { readonly read?: ScopeClause; readonly write?: ScopeClause }
  readonly grants: readonly GrantClause[]
  readonly declassify?: readonly DeclassifyClause[]
  readonly signatures: readonly Signature[]
}

/** Only FINALIZED grants anything. */
export const CONTRACT_STATUSES = [
  'REQUESTED',
  'OFFERED',
  'ACCEPTED',
  'AGREED',
  'VERIFIED',
  'FINALIZED',
  'SUSPENDED',
  'TERMINATED'
] as const
export type ContractStatus = (typeof CONTRACT_STATUSES)[number]

/** How far sharing goes: de-identified aggregates, a pilot with one partner, collaboration. */
export const CONTRACT_STAGES = ['aggregate', 'pilot', 'collaboration'] as const
export type ContractStage = (typeof CONTRACT_STAGES)[number]

export const SIGNING_ROLES = ['business', 'it', 'legal'] as const
export type SigningRole = (typeof SIGNING_ROLES)[number]

/** `all`, or for each key the values it may hold: literals or `$claim`. */
export type ScopeClause = 'all' | { readonly [K in ScopeKey]?: readonly string[] }

export interface GrantClause {
  /** A type, or `*` for all that the provider owns. */
  readonly on: string
  readonly fields: '*' | readonly string[]
  /** Fields that `*` leaves out. */
  readonly except?: readonly string[]
  readonly mask?: MaskClause
  /** Instead of the contract's own; on mutations it is the write scope. */
  readonly scope?: ScopeClause
  /** Why a subscription may tell by its arrival what a mask hides (K6); `by` is a person of the owner. */
  readonly exception?: SignedReason
}

export interface SignedReason {
  readonly why: string
  readonly by: string
}

/** The owner of `source` lets `through` show what it is built from (K5). */
export interface DeclassifyClause extends SignedReason {
  readonly source: string
  readonly through: string
}

export interface Signature {
  readonly person: string
  readonly role: SigningRole
  /** Day. */
  readonly at: string
}

/** A contract document with the place it came from. */
export interface Contract {
  readonly document: ContractDocument
  readonly source: Source
}

/** Someone who signs: consumers do not. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly department: string
  readonly role: SigningRole
}
