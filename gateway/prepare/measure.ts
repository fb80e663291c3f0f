import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode
} from 'graphql'
import { fragmentOrder } from './fragment-order.ts'
import type { Limits } from './limits.ts'
import type { Definitions } from './operation.ts'
import { limitExceeded } from './request-error.ts'

/** How large a selection is once its fragments are expanded, computed without expanding: each fragment is measured once. */
interface Size {
  readonly selections: number
  readonly aliases: number
  readonly directives: number
  readonly depth: number
  readonly introspectionDepth: number
  /** Selection sets within each other, of fragments too. */
  readonly nesting: number
  /** Fields at its own level. */
  readonly fields: number
}

const EMPTY: Size = {
  selections: 0,
  aliases: 0,
  directives: 0,
  depth: 0,
  introspectionDepth: 0,
  nesting: 0,
  fields: 0
}

/** Fields that each operation selects once fragments are expanded. Throws RequestError when one exceeds a limit. */
export function measure(
  { operations, fragments }: Definitions,
  limits: Limits
): ReadonlyMap<OperationDefinitionNode, number> {
  const sizeOf = measurer(fragments, limits)
  return new Map(
    operations.map(operation => {
      const size = sizeOf(operation.selectionSet)
      check(operation, size, limits)
      return [operation, size.selections]
    })
  )
}

function check(operation: OperationDefinitionNode, size: Size, limits: Limits): void {
  const directives =
    size.directives +
    (operation.directives?.length ?? 0) +
    (operation.variableDefinitions ?? []).reduce((sum, v) => sum + (v.directives?.length ?? 0), 0)
  if (size.selections > limits.selections)
    throw over('selections', 'selects more than', limits, 'fields once fragments are expanded')
  if (size.depth > limits.depth) throw over('depth', 'is nested deeper than', limits, 'fields')
  if (size.introspectionDepth > limits.introspectionDepth)
    throw over('introspectionDepth', 'nests introspection deeper than', limits, 'fields')
  if (size.nesting > limits.nesting) throw nestsDeeper(limits)
  if (size.aliases > limits.aliases) throw over('aliases', 'uses more than', limits, 'aliases')
  if (directives > limits.directives) throw over('directives', 'uses more than', limits, 'directives')
  if (size.fields > limits.rootFields) throw over('rootFields', 'has more than', limits, 'root fields')
  if (operation.operation === 'mutation' && size.fields > limits.mutations)
    throw over('mutations', 'runs more than', limits, 'mutations')
}

function over(limit: keyof Limits, what: string, limits: Limits, unit: string): Error {
  return limitExceeded(limit, `The operation ${what} ${limits[limit]} ${unit}; split it into smaller operations.`)
}

function nestsDeeper({ nesting }: Limits): Error {
  return limitExceeded(
    'nesting',
    `The document nests fragments and selections deeper than ${nesting} levels; spread fragments within fewer fragments.`
  )
}

function measurer(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limits: Limits
): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>()

  const ofSet = (set: SelectionSetNode): Size => {
    let [selections, aliases, directives, depth, introspectionDepth, nesting, fields] = [0, 0, 0, 0, 0, 0, 0]
    for (const selection of set.selections) {
      const size = ofSelection(selection)
      selections += size.selections
      aliases += size.aliases
      directives += size.directives + (selection.directives?.length ?? 0)
      fields += size.fields
      depth = Math.max(depth, size.depth)
      introspectionDepth = Math.max(introspectionDepth, size.introspectionDepth)
      nesting = Math.max(nesting, size.nesting)
    }
    return { selections, aliases, directives, depth, introspectionDepth, nesting: nesting + 1, fields }
  }

  const ofSelection = (selection: SelectionNode): Size => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSet(selection.selectionSet)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return known.get(selection.name.value) ?? EMPTY
    const inner = selection.selectionSet ? ofSet(selection.selectionSet) : EMPTY
    const introspects = selection.name.value === '__schema' || selection.name.value === '__type'
    return {
      selections: inner.selections + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      directives: inner.directives,
      depth: introspects ? 1 : inner.depth + 1,
      introspectionDepth: introspects ? inner.depth + 1 : inner.introspectionDepth,
      nesting: inner.nesting,
      fields: 1
    }
  }

  // Each after those that it spreads, so that nothing here recurses from fragment to fragment.
  for (const fragment of fragmentOrder(fragments)) {
    const size = ofSet(fragment.selectionSet)
    if (size.nesting > limits.nesting) throw nestsDeeper(limits)
    known.set(fragment.name.value, size)
  }
  return ofSet
}
