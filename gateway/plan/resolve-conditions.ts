import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode
} from 'graphql'
import { conditionOf } from '../prepare/condition-variables.ts'
import type { Document } from '../prepare/document.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * The document without what `@skip` and `@include` leave out, and without the directives. Each combination of their
 * variables is planned by itself: nothing is fetched that is not wanted, nothing is decided while a request runs, and
 * the planner, which loses its way among conditions on abstract types, meets none.
 */
export function resolveConditions(document: Document, values: Values): Document {
  const { operation } = document
  const resolved = new Map<string, FragmentDefinitionNode | null>()

  const resolveSet = (set: SelectionSetNode): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: set.selections.flatMap(resolve)
  })

  const resolve = (selection: SelectionNode): readonly SelectionNode[] => {
    if (!isWanted(selection.directives, values)) return []
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return fragment(selection.name.value) ? [{ ...selection, directives: [] }] : []
    }
    if (selection.kind === Kind.FIELD) {
      // An object of which nothing is wanted is still there.
      const selectionSet = selection.selectionSet && resolveSet(selection.selectionSet)
      return [{ ...selection, directives: [], ...(selectionSet && { selectionSet }) }]
    }
    const selectionSet = resolveSet(selection.selectionSet)
    return selectionSet.selections.length > 0 ? [{ ...selection, directives: [], selectionSet }] : []
  }

  const fragment = (name: string): FragmentDefinitionNode | null => {
    const known = resolved.get(name)
    if (known !== undefined) return known
    const definition = document.fragments.get(name)
    const selectionSet = definition && resolveSet(definition.selectionSet)
    const result =
      selectionSet && selectionSet.selections.length > 0 ? { ...definition, directives: [], selectionSet } : null
    resolved.set(name, result)
    return result
  }

  const selectionSet = resolveSet(operation.selectionSet)
  const fragments = new Map(
    [...resolved].flatMap(([name, definition]) => (definition ? [[name, definition] as const] : []))
  )
  return { ...document, operation: { ...operation, directives: [], selectionSet }, fragments }
}

function isWanted(directives: readonly DirectiveNode[] | undefined, values: Values): boolean {
  return (directives ?? []).every(directive => {
    const value = conditionOf(directive)
    if (value === null) return true
    const holds =
      value.kind === Kind.VARIABLE ? values[value.name.value] === true : value.kind === Kind.BOOLEAN && value.value
    return holds === (directive.name.value === 'include')
  })
}
