import { type ASTNode, type DirectiveNode, type DocumentNode, Kind } from 'graphql'
import type { Steps } from '../plan/in-slices.ts'
import { lookThrough } from './look-through.ts'
import { all, type Clause, type Requirement, requirement } from './requirement.ts'
import { RuleError } from './rule-error.ts'
import { securityNames } from './security-names.ts'

/** The rules as they are written, by coordinate (`Type` or `Type.field`). */
export type DeclaredRules = ReadonlyMap<string, Requirement>

/**
 * Reads the rules of a supergraph; null when the supergraph has none. Throws
 * RuleError when one stands where Federation defines none, or says nothing that could be kept.
 */
export function* declaredRules(document: DocumentNode): Steps<DeclaredRules | null> {
  const ours = yield* securityNames(document)
  if (ours.size === 0) return null
  const rules = new Map<string, Requirement>()
  yield* lookThrough(document, {
    // Their own definitions, and those of other directives, carry no rules.
    DirectiveDefinition: () => false,
    Directive(node, _key, _parent, _path, ancestors) {
      const read = READERS[ours.get(node.name.value) ?? '']
      if (!read) return
      const { coordinate, takesRules } = placeOf(ancestors.filter(isNode))
      const rule = `@${node.name.value} on ${coordinate}`
      if (!takesRules)
        throw new RuleError(`${rule}: Federation defines no access rules there; say it on a field or type.`)
      rules.set(coordinate, all([rules.get(coordinate) ?? new Map(), checked(rule, () => requirement(read(node)))]))
    }
  })
  return rules.size > 0 ? rules : null
}

/** Runs what may find that a rule cannot be kept, and names the rule. */
export function checked<Value>(rule: string, run: () => Value): Value {
  try {
    return run()
  } catch (thrown) {
    throw new RuleError(`${rule}: ${thrown instanceof Error ? thrown.message : 'it cannot be read'}.`, {
      cause: thrown
    })
  }
}

const READERS: Readonly<Record<string, (node: DirectiveNode) => Clause>> = {
  authenticated: () => [['authenticated']],
  requiresScopes: node => alternatives(node, 'scopes', 'scope'),
  policy: node => alternatives(node, 'policies', 'policy')
}

/** `[[…], […]]` of an argument. An empty list would open what it was meant to close (security A24). */
function alternatives(node: DirectiveNode, argument: string, kind: 'scope' | 'policy'): Clause {
  const value = node.arguments?.find(each => each.name.value === argument)?.value
  if (value?.kind !== Kind.LIST || value.values.length === 0)
    throw new Error(`its "${argument}" must be a list of lists with at least one name in each`)
  return value.values.map(group => {
    if (group.kind !== Kind.LIST || group.values.length === 0)
      throw new Error(`its "${argument}" holds an empty list, which would let everyone in`)
    return group.values.map(name => {
      if (name.kind !== Kind.STRING || name.value === '') throw new Error(`its "${argument}" must hold names`)
      return `${kind}:${name.value}`
    })
  })
}

const TYPES: readonly string[] = [
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION
]
const LEAVES: readonly string[] = [
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_EXTENSION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.ENUM_TYPE_EXTENSION
]

function placeOf(ancestors: readonly ASTNode[]): { readonly coordinate: string; readonly takesRules: boolean } {
  const [, definition, inner] = ancestors
  const names = ancestors.flatMap(node => ('name' in node && node.name?.kind === Kind.NAME ? [node.name.value] : []))
  const isType = definition !== undefined && TYPES.includes(definition.kind)
  const isLeaf = definition !== undefined && LEAVES.includes(definition.kind)
  return {
    coordinate: names.join('.') || 'schema',
    takesRules:
      (isType && (inner === undefined || (inner.kind === Kind.FIELD_DEFINITION && ancestors.length === 3))) ||
      (isLeaf && inner === undefined)
  }
}

function isNode(node: ASTNode | readonly ASTNode[]): node is ASTNode {
  return 'kind' in node
}
