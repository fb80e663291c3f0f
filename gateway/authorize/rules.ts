import { buildASTSchema, parse } from 'graphql'
import { contextDirective } from '../plan/contexts.ts'
import { declaredRules } from './declared.ts'
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
  const declared = declaredRules(document)
  if (declared === null) return null
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })
  const requirements = propagate(declared, schema, contextDirective(document))
  return { requirements, id: fingerprint(requirements) }
}
