import { type GraphQLSchema, Kind, parse } from 'graphql'
import { apiSchema as apiSchemaOf } from '../../policies/api-schema.ts'
import { stringArgument } from '../../policies/linked-names.ts'

/** Rules of access that the router keeps; a supergraph that is built on others must not be served without them. */
const KEPT = ['https://specs.apollo.dev/inaccessible/']

/**
 * The public schema of a supergraph; `astNode`s carry its own directives. Throws when the supergraph has security rules
 * that this router does not keep, such as `@authenticated`: to ignore them would be to open what they close.
 */
export function apiSchema(supergraphSdl: string): GraphQLSchema {
  const document = parse(supergraphSdl)
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue
    for (const directive of node.directives ?? []) {
      const url = stringArgument(directive, 'url') ?? ''
      const secures = directive.name.value === 'link' && stringArgument(directive, 'for') === 'SECURITY'
      if (secures && !KEPT.some(kept => url.startsWith(kept))) {
        throw new Error(
          `the supergraph is built on ${url}, which this router does not enforce: say it as a contract instead`
        )
      }
    }
  }
  return apiSchemaOf(document)
}
