import { type ArgumentNode, type DirectiveNode, Kind, type SelectionSetNode, type ValueNode } from 'graphql'
import type { Limits } from './limits.ts'
import type { Definitions } from './operation.ts'
import { limitExceeded, refuse } from './request-error.ts'

/**
 * Checks the values that stand in a document. Throws RequestError OPERATION_LIMIT for a list or object that is too long,
 * and GRAPHQL_VALIDATION_FAILED for a number that no machine can hold: it would silently become infinite.
 */
export function checkLiterals({ operations, fragments }: Definitions, limits: Limits): void {
  const max = limits.listItems
  for (const { variableDefinitions, directives, selectionSet } of operations) {
    for (const variable of variableDefinitions ?? []) {
      if (variable.defaultValue) checkValue(variable.defaultValue, max)
      checkDirectives(variable.directives, max)
    }
    checkDirectives(directives, max)
    checkSet(selectionSet, max)
  }
  for (const { directives, selectionSet } of fragments.values()) {
    checkDirectives(directives, max)
    checkSet(selectionSet, max)
  }
}

/** Recursion here and below is bounded by `Limits.nesting`. */
function checkSet(set: SelectionSetNode, max: number): void {
  for (const selection of set.selections) {
    checkDirectives(selection.directives, max)
    if (selection.kind === Kind.FIELD) checkArguments(selection.arguments, max)
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) checkSet(selection.selectionSet, max)
  }
}

function checkDirectives(directives: readonly DirectiveNode[] | undefined, max: number): void {
  for (const directive of directives ?? []) checkArguments(directive.arguments, max)
}

function checkArguments(given: readonly ArgumentNode[] | undefined, max: number): void {
  for (const { value } of given ?? []) checkValue(value, max)
}

function checkValue(value: ValueNode, max: number): void {
  switch (value.kind) {
    case Kind.LIST:
      if (value.values.length > max) throw tooLong('A list', max)
      for (const item of value.values) checkValue(item, max)
      break
    case Kind.OBJECT:
      if (value.fields.length > max) throw tooLong('An object', max)
      for (const field of value.fields) checkValue(field.value, max)
      break
    case Kind.INT:
    case Kind.FLOAT:
      if (!Number.isFinite(Number(value.value)))
        throw refuse('GRAPHQL_VALIDATION_FAILED', 'A number in the document is too large.', { nodes: value })
      break
  }
}

function tooLong(what: string, max: number): Error {
  return limitExceeded('listItems', `${what} in the document has more than ${max} items; send fewer at a time.`)
}
