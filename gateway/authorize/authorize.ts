import { invariant } from '../../platform/errors.ts'
import type { Supergraph } from '../plan/supergraph.ts'
import type { Document } from '../prepare/document.ts'
import { type AuthorizedOperation, authorizeOperation } from './authorize-operation.ts'
import { type Denial, deniedVariable, unauthorized } from './denials.ts'

/** What may be run of an operation, and what its answer says of the rest. */
export interface Authorized extends Pick<AuthorizedOperation, 'planned' | 'shown' | 'nulls'> {
  readonly denials: readonly Denial[]
  /** Throws RequestError when the values of a request use what its caller may not; null when none can. */
  readonly refuse: ((variables: Readonly<Record<string, unknown>>) => void) | null
}

/**
 * Decides what a caller may have of an operation whose conditions are resolved. Throws RequestError when that is
 * nothing at all: for views that reject; for mutations, which would happen while their answer says that they may not
 * (security A34 to A36); and for subscriptions without a root field, which would be silent for ever.
 */
export function authorize(document: Document, { hasAccessRules }: Supergraph): Authorized {
  const { view, operation } = document
  invariant(!hasAccessRules || view.denied, 'a graph with access rules is run under views that the rules have decided')
  const { denials, isEmpty, findDeniedVariable, ...rest } = authorizeOperation(document)
  const isWhole =
    view.rejects || operation.operation === 'mutation' || (operation.operation === 'subscription' && isEmpty)
  if (isWhole && denials.length > 0) throw unauthorized(denials)
  const refuse = (variables: Readonly<Record<string, unknown>>): void => {
    const name = findDeniedVariable?.(variables) ?? null
    if (name !== null) throw unauthorized([deniedVariable(name)])
  }
  return { ...rest, denials, refuse: findDeniedVariable && refuse }
}
