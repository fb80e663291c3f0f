import { type GraphQLSchema, parse } from 'graphql'
import { apiSchema as apiSchemaOf } from '../../policies/api-schema.ts'
import { refuseUnknownFeatures } from '../authorize/security-names.ts'

/**
 * The public schema of a supergraph; `astNode`s carry its own directives. Throws RuleError when the supergraph is built
 * on security rules that this router does not keep: to ignore them would be to open what they close.
 */
export function apiSchema(supergraphSdl: string): GraphQLSchema {
  const document = parse(supergraphSdl)
  refuseUnknownFeatures(document)
  return apiSchemaOf(document)
}
