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
import { limitExceeded, refuseAll } from './request-error.ts'
import { scan } from './scan.ts'

const MAX_ERRORS = 20

/** Parses within the limits. Throws RequestError GRAPHQL_PARSE_FAILED or OPERATION_LIMIT. */
export function parseDocument(text: string, limits: Limits): DocumentNode {
  const excess = scan(text, limits)
  if (excess === 'nesting')
    throw limitExceeded('nesting', `The document nests brackets deeper than ${limits.nesting} levels; flatten it.`)
  if (excess === 'tokens') throw tooManyTokens(limits)
  try {
    return parse(text, { maxTokens: limits.tokens })
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown
    if (thrown.message.includes('tokens. Parsing aborted')) throw tooManyTokens(limits)
    throw refuseAll('GRAPHQL_PARSE_FAILED', [thrown])
  }
}

function tooManyTokens({ tokens }: Limits): Error {
  return limitExceeded('tokens', `The document has more than ${tokens} tokens; split it into smaller operations.`)
}

/** Validates against what the caller may see; messages name nothing else. Throws RequestError GRAPHQL_VALIDATION_FAILED or OPERATION_LIMIT. */
export function validateDocument(schema: GraphQLSchema, document: DocumentNode): void {
  const errors = found(schema, document)
  if (errors.some(error => error.message === 'Validation aborted.'))
    throw limitExceeded('validation', 'The document takes too long to validate; split it into smaller operations.')
  if (errors.length > 0) throw refuseAll('GRAPHQL_VALIDATION_FAILED', errors)
}

function found(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  try {
    return validate(schema, document, RULES, { hideSuggestions: true, maxErrors: MAX_ERRORS })
  } catch (thrown) {
    // graphql-js stumbles over a variable that decides whether a subscription has its field.
    if (thrown instanceof GraphQLError) return [thrown]
    throw thrown
  }
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
