import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode
} from 'graphql'
import type { View } from '../../policies/view.ts'
import { conditionVariables } from './condition-variables.ts'
import type { Limits } from './limits.ts'
import { exceeds } from './measure.ts'
import { chooseOperation, definitionsOf } from './operation.ts'
import { refuse } from './request-error.ts'
import { parseDocument, validateDocument } from './validate.ts'
import { type CoerceVariables, compileVariables } from './variables.ts'

/** One operation of a document that has passed every check for one view; made once, run many times. */
export interface Document {
  readonly view: View
  /** The view's schema, the same for the whole life of the document: a view may make it anew. */
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly coerce: CoerceVariables
  /** The Boolean variables that `@skip` and `@include` depend on. */
  readonly conditions: readonly string[]
  /** Of a subscription alone. */
  readonly subscription: SubscriptionRoot | null
}

export interface SubscriptionRoot {
  readonly field: string
  readonly responseKey: string
  args(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
}

/** Parses, measures, chooses and validates, in the order of what is cheapest to refuse. Throws RequestError. */
export function prepareDocument(text: string, operationName: string | null, view: View, limits: Limits): Document {
  const document = parseDocument(text, limits)
  const definitions = definitionsOf(document)
  for (const each of definitions.operations) {
    const refusal = exceeds(each, definitions.fragments, limits)
    if (refusal) throw refusal
  }
  const operation = chooseOperation(definitions, operationName)
  const { schema } = view
  validateDocument(schema, document)
  const { fragments } = definitions
  return {
    view,
    schema,
    operation,
    fragments,
    coerce: compileVariables(schema, operation.variableDefinitions, limits.variableDepth),
    conditions: conditionVariables({ operation, fragments }),
    subscription: operation.operation === 'subscription' ? subscriptionRoot(schema, operation, fragments) : null
  }
}

function subscriptionRoot(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
): SubscriptionRoot {
  const node = firstField(operation.selectionSet, fragments)
  const definition = node && schema.getSubscriptionType()?.getFields()[node.name.value]
  if (!node || !definition) throw refuse('GRAPHQL_VALIDATION_FAILED', 'A subscription selects exactly one field.')
  return {
    field: definition.name,
    responseKey: node.alias?.value ?? node.name.value,
    args: variables => argumentsOf(definition, node, variables)
  }
}

function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>
): Readonly<Record<string, unknown>> {
  try {
    return getArgumentValues(definition, node, variables)
  } catch (thrown) {
    throw refuse('BAD_USER_INPUT', thrown instanceof Error ? thrown.message : 'An argument is not valid.')
  }
}

/** Validation has made sure that there is one alone. */
function firstField(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): FieldNode | null {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) return selection
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    const field = inner && firstField(inner.selectionSet, fragments)
    if (field) return field
  }
  return null
}
