import type { FragmentDefinitionNode, OperationDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql'
import type { Limits } from './limits.ts'
import { type RequestError, refuse } from './request-error.ts'

/** How large a selection is once its fragments are expanded, computed without expanding: each fragment counts once. */
interface Size {
  readonly selections: number
  readonly aliases: number
  readonly directives: number
  readonly depth: number
  readonly introspectionDepth: number
  /** Fields at its own level. */
  readonly fields: number
}

const EMPTY: Size = { selections: 0, aliases: 0, directives: 0, depth: 0, introspectionDepth: 0, fields: 0 }

/** Says which limit the operation exceeds; null when none. Fragment cycles are left to validation. */
export function exceeds(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limits: Limits
): RequestError | null {
  const size = measurer(fragments)(operation.selectionSet)
  const directives =
    size.directives +
    (operation.directives?.length ?? 0) +
    (operation.variableDefinitions ?? []).reduce((sum, v) => sum + (v.directives?.length ?? 0), 0)
  if (size.selections > limits.selections)
    return over('selects more than', limits.selections, 'fields once fragments are expanded')
  if (size.depth > limits.depth) return over('is nested deeper than', limits.depth, 'fields')
  if (size.introspectionDepth > limits.introspectionDepth) {
    return over('nests introspection deeper than', limits.introspectionDepth, 'fields')
  }
  if (size.aliases > limits.aliases) return over('uses more than', limits.aliases, 'aliases')
  if (directives > limits.directives) return over('uses more than', limits.directives, 'directives')
  if (size.fields > limits.rootFields) return over('has more than', limits.rootFields, 'root fields')
  if (operation.operation === 'mutation' && size.fields > limits.mutations) {
    return over('runs more than', limits.mutations, 'mutations')
  }
  return null
}

function over(what: string, limit: number, unit: string): RequestError {
  return limitExceeded(`The operation ${what} ${limit} ${unit}; split it into smaller operations.`)
}

/** A refusal because of a limit. */
export function limitExceeded(message: string): RequestError {
  return refuse('OPERATION_LIMIT', message)
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>()

  const ofSet = (set: SelectionSetNode): Size => {
    let [selections, aliases, directives, depth, introspectionDepth, fields] = [0, 0, 0, 0, 0, 0]
    for (const selection of set.selections) {
      const size = ofSelection(selection)
      selections += size.selections
      aliases += size.aliases
      directives += size.directives + (selection.directives?.length ?? 0)
      fields += size.fields
      depth = Math.max(depth, size.depth)
      introspectionDepth = Math.max(introspectionDepth, size.introspectionDepth)
    }
    return { selections, aliases, directives, depth, introspectionDepth, fields }
  }

  const ofSelection = (selection: SelectionNode): Size => {
    if (selection.kind === 'InlineFragment') return ofSet(selection.selectionSet)
    if (selection.kind === 'FragmentSpread') return ofFragment(selection.name.value)
    const inner = selection.selectionSet ? ofSet(selection.selectionSet) : EMPTY
    const introspects = selection.name.value === '__schema' || selection.name.value === '__type'
    return {
      selections: inner.selections + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      directives: inner.directives,
      depth: introspects ? 1 : inner.depth + 1,
      introspectionDepth: introspects ? inner.depth + 1 : inner.introspectionDepth,
      fields: 1
    }
  }

  const ofFragment = (name: string): Size => {
    const size = known.get(name)
    if (size) return size
    // Also what a cycle meets when it comes round.
    known.set(name, EMPTY)
    const fragment = fragments.get(name)
    const measured = fragment ? ofSet(fragment.selectionSet) : EMPTY
    known.set(name, measured)
    return measured
  }

  return ofSet
}
