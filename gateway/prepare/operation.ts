import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql'
import { refuse } from './request-error.ts'

/** The operations and fragments of a document. */
export interface Definitions {
  readonly operations: readonly OperationDefinitionNode[]
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** Sorts a document's definitions. Throws RequestError when it holds anything but operations and fragments, or no operation. */
export function definitionsOf(document: DocumentNode): Definitions {
  const operations: OperationDefinitionNode[] = []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
    else throw refuse('GRAPHQL_VALIDATION_FAILED', 'The document defines types; send operations and fragments only.')
  }
  if (operations.length === 0) throw refuse('BAD_REQUEST', 'The document holds no operation.')
  return { operations, fragments }
}

/** The operation that is asked for. Throws RequestError BAD_REQUEST when the name does not decide it. */
export function chooseOperation({ operations }: Definitions, name: string | null): OperationDefinitionNode {
  if (name === null) {
    const [only, another] = operations
    if (!only || another)
      throw refuse('BAD_REQUEST', 'The document holds several operations; say which one in "operationName".')
    return only
  }
  const named = operations.find(operation => operation.name?.value === name)
  if (!named) throw refuse('BAD_REQUEST', `The document has no operation named "${name}".`)
  return named
}
