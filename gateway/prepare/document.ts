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
import { type CostOf, compileCost } from './cost.ts'
import type { CostRules } from './cost-rules.ts'
import { introspectionSize } from './introspection-size.ts'
import type { Limits } from './limits.ts'
import { checkLiterals } from './literals.ts'
import { measure } from './measure.ts'
import { chooseOperation, definitionsOf } from './operation.ts'
import { overlapsWithin } from './overlap.ts'
import { limitExceeded, refuse } from './request-error.ts'
import { parseDocument, validateDocument } from './validate.ts'
import { type CoerceVariables, compileVariables } from './variables.ts'

/** One operation of a document that has passed every check for one view; made once, run many times. */
export interface Document {
  /** As it was sent or registered, with all its literals: for its hash, never for a log. */
  readonly text: string
  readonly view: View
  /** The view's schema, the same for the whole life of the document: a view may make it anew. */
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** What it was held to. */
  readonly limits: Limits
  readonly coerce: CoerceVariables
  /** Fields that it selects once fragments are expanded. */
  readonly selections: number
  /** Values that its introspection tells. */
  readonly introspected: number
  /** What it may cost with these variables. Throws RequestError OPERATION_LIMIT when that is too much. */
  readonly cost: CostOf
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

/** Comparisons of fields in validation for each field that may be selected: an honest document needs far fewer. */
const COMPARISONS_PER_SELECTION = 3

/** Parses, measures, chooses and validates, in the order of what is cheapest to refuse. Throws RequestError. */
export function prepareDocument(
  text: string,
  operationName: string | null,
  view: View,
  limits: Limits,
  costs: CostRules
): Document {
  const document = parseDocument(text, limits)
  const definitions = definitionsOf(document)
  const selections = measure(definitions, limits)
  checkLiterals(definitions, limits)
  if (!overlapsWithin(definitions, limits.selections * COMPARISONS_PER_SELECTION))
    throw limitExceeded(
      'selections',
      'The document selects the same fields in the same place too often; select each once.'
    )
  const operation = chooseOperation(definitions, operationName)
  const { schema } = view
  validateDocument(schema, document)
  const { fragments } = definitions
  return {
    text,
    view,
    schema,
    operation,
    fragments,
    limits,
    coerce: compileVariables(schema, operation.variableDefinitions, limits),
    selections: selections.get(operation) ?? 0,
    introspected: introspectionSize(schema, { operation, fragments }),
    cost: limited(compileCost(schema, operation, fragments, costs), limits.cost),
    conditions: conditionVariables({ operation, fragments }),
    subscription: operation.operation === 'subscription' ? subscriptionRoot(schema, operation, fragments) : null
  }
}

function limited(costOf: CostOf, limit: number): CostOf {
  return variables => {
    const cost = costOf(variables)
    if (cost <= limit) return cost
    throw limitExceeded(
      'cost',
      `The operation may cost ${Math.round(cost)}, and the limit is ${limit}: each object counts as often as the lists around it may hold it. Ask for smaller pages.`
    )
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
