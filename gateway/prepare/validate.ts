import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate
} from 'graphql'
import type { Limits } from './limits.ts'
import { limitExceeded } from './measure.ts'
import { nestsWithin } from './nesting.ts'
import { refuseAll } from './request-error.ts'

const MAX_ERRORS = 20

/** Parses within the limits. Throws RequestError GRAPHQL_PARSE_FAILED or OPERATION_LIMIT. */
export function parseDocument(text: string, limits: Limits): DocumentNode {
  if (!nestsWithin(text, limits.nesting))
    throw limitExceeded(`The document nests brackets deeper than ${limits.nesting} levels.`)
  try {
    return parse(text, { maxTokens: limits.tokens })
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown
    if (thrown.message.includes('tokens')) throw limitExceeded(`The document has more than ${limits.tokens} tokens.`)
    throw refuseAll('GRAPHQL_PARSE_FAILED', [thrown])
  }
}

/** Validates against what the caller may see; messages name nothing else. Throws RequestError GRAPHQL_VALIDATION_FAILED. */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): void {
  const errors = validate(schema, document, RULES, { hideSuggestions: true, maxErrors: MAX_ERRORS })
  if (errors.length > 0) throw refuseAll('GRAPHQL_VALIDATION_FAILED', errors)
}

/** The planner drops these silently, and a part of an answer would never come. */
const NoIncrementalDelivery: ValidationRule = context => ({
  Directive(node) {
    const name = node.name.value
    if (name === 'defer' || name === 'stream') {
      context.reportError(new GraphQLError(`@${name} is not supported; ask for everything at once.`, { nodes: node }))
    }
  }
})

const RULES: readonly ValidationRule[] = [NoIncrementalDelivery, ...specifiedRules]
