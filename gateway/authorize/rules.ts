import { buildASTSchema, type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { contextDirective } from '../plan/contexts.ts'
import { atOnce } from '../plan/in-slices.ts'
import { type DeclaredRules, declaredRules } from './declared.ts'
import { propagate } from './propagate.ts'
import { fingerprint, type Requirement } from './requirement.ts'

/** Federation's own rules of a supergraph (`@authenticated`, `@requiresScopes`, `@policy`), as they work together. */
export interface AccessRules {
  /** What it takes, by type and by field (`Type.field`); what is not here takes nothing. */
  readonly requirements: ReadonlyMap<string, Requirement>
  /** The same for the same rules. */
  readonly id: string
}

/**
 * Reads the rules of a supergraph; null when it has none. Throws RuleError, which names the place, for a rule that
 * cannot be kept.
 */
export function accessRules(supergraphSdl: string): AccessRules | null {
  const document = parse(supergraphSdl, { noLocation: true })
  const declared = atOnce(declaredRules(document))
  if (declared === null) return null
  return accessRulesOf(document, declared, buildASTSchema(document, { assumeValid: true, assumeValidSDL: true }))
}

/** The same of a supergraph that is read already. */
export function accessRulesOf(document: DocumentNode, declared: DeclaredRules, schema: GraphQLSchema): AccessRules {
  const requirements = propagate(declared, schema, contextDirective(document))
  return { requirements, id: fingerprint(requirements) }
}
