import { buildASTSchema, type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import { apiDocumentSteps, apiSchema as apiSchemaOf } from '../../policies/api-schema.ts'
import { refuseUnknownFeatures } from '../authorize/security-names.ts'
import type { Steps } from './in-slices.ts'

/**
 * The public schema of a supergraph; `astNode`s carry its own directives. Throws RuleError when the supergraph is built
 * on security rules that this router does not keep: to ignore them would be to open what they close.
 */
export function apiSchema(supergraphSdl: string): GraphQLSchema {
  const document = parse(supergraphSdl)
  refuseUnknownFeatures(document)
  return apiSchemaOf(document)
}

/** The same of a supergraph that is parsed already, in steps. */
export function* apiSchemaSteps(document: DocumentNode): Steps<GraphQLSchema> {
  refuseUnknownFeatures(document)
  const api = yield* apiDocumentSteps(document)
  yield
  return buildASTSchema(api, { assumeValidSDL: true })
}
