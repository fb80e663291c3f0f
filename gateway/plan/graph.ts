import type { DocumentNode } from 'graphql'
import { type DeclaredRules, declaredRules } from '../authorize/declared.ts'
import { type SubgraphTypes, subgraphTypesSteps } from './fetches/subgraph-types.ts'
import type { Steps } from './in-slices.ts'
import { parseSteps } from './parse-supergraph.ts'
import { readSupergraph, type Supergraph } from './supergraph.ts'

/** A supergraph as it is read once, for all who need it. */
export interface Graph {
  readonly document: DocumentNode
  /** Federation's own rules of access; null when there are none. */
  readonly declared: DeclaredRules | null
  readonly supergraph: Supergraph
  readonly types: SubgraphTypes
}

/** Reads a supergraph. Throws RuleError when it has rules of access that this router does not keep. */
export function* graphSteps(sdl: string): Steps<Graph> {
  const document = yield* parseSteps(sdl)
  const declared = yield* declaredRules(document)
  yield
  const supergraph = readSupergraph(sdl, document, declared)
  yield
  return { document, declared, supergraph, types: yield* subgraphTypesSteps(supergraph.schema) }
}
