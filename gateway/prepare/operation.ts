import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql'
import { limitExceeded, refuse } from './request-error.ts'

/** The operations and fragments of a document. */
export interface Definitions {
  readonly operations: readonly OperationDefinitionNode[]
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** Names of operations go into logs and metrics. */
const MAX_NAME = 255

/**
 * Sorts a document's definitions. Throws RequestError when it holds anything but operations and fragments, no operation,
 * or two fragments of one name.
 */
export function definitionsOf(document: DocumentNode): Definitions {
  const operations: OperationDefinitionNode[] = []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      if ((definition.name?.value.length ?? 0) > MAX_NAME)
        throw limitExceeded('tokens', `The name of an operation is longer than ${MAX_NAME} characters.`)
      operations.push(definition)
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) addFragment(fragments, definition)
    else throw refuse('GRAPHQL_VALIDATION_FAILED', 'The document defines types; send operations and fragments only.')
  }
  if (operations.length === 0) throw refuse('OPERATION_RESOLUTION_FAILURE', 'The document holds no operation.')
  return { operations, fragments }
}

function addFragment(fragments: Map<string, FragmentDefinitionNode>, fragment: FragmentDefinitionNode): void {
  const name = fragment.name.value
  // What only one of the two was measured for must not reach validation.
  if (fragments.has(name))
    throw refuse('GRAPHQL_VALIDATION_FAILED', `There can be only one fragment named "${name}".`, { nodes: fragment })
  fragments.set(name, fragment)
}

/** The operation that is asked for. Throws RequestError OPERATION_RESOLUTION_FAILURE when the name does not decide it. */
export function chooseOperation({ operations }: Definitions, name: string | null): OperationDefinitionNode {
  if (name === null) {
    const [only, another] = operations
    if (!only || another)
      throw refuse(
        'OPERATION_RESOLUTION_FAILURE',
        'The document holds several operations; say which one in "operationName".'
      )
    return only
  }
  const named = operations.find(operation => operation.name?.value === name)
  if (!named) throw refuse('OPERATION_RESOLUTION_FAILURE', `The document has no operation named "${name}".`)
  return named
}
