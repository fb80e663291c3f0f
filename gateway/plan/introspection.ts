import {
  type DefinitionNode,
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit
} from 'graphql'
import QuickLRU from 'quick-lru'
import type { Document } from '../prepare/document.ts'
import { isIntrospection, rootFields } from './root-fields.ts'
import { introspectionKey } from './shapes.ts'

/** Answers `__schema` and `__type` of an operation from what the caller may see, under the keys where the projection looks. */
export type Introspect = (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

/** Splits introspection off an operation; null when it has none. */
export function compileIntrospection(document: Document): Introspect | null {
  const roots = rootFields(document).filter(isIntrospection)
  if (roots.length === 0) return null
  const { schema } = document
  const { own, used } = introspectionDocument(document, roots)
  const answered = new QuickLRU<string, Readonly<Record<string, unknown>>>({ maxSize: MAX_ANSWERS })
  return variables => {
    const key = JSON.stringify([...used].map(name => variables[name]))
    const known = answered.get(key)
    if (known) return known
    const { data } = executeSync({ schema, document: own, variableValues: variables })
    const answer = Object.fromEntries(
      Object.entries(data ?? {}).map(([name, value]) => [introspectionKey(name), value])
    )
    answered.set(key, answer)
    return answer
  }
}

/** A whole schema takes milliseconds to tell, and stays the same; few tools ask with variables, and answers are large. */
const MAX_ANSWERS = 1

function introspectionDocument(
  { operation, fragments }: Document,
  roots: ReturnType<typeof rootFields>
): { readonly own: DocumentNode; readonly used: ReadonlySet<string> } {
  const used = new Set<string>()
  const definition: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operation.operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: roots }
  }
  const spread = new Map<string, FragmentDefinitionNode>()
  const note = (node: DefinitionNode): void => {
    visit(node, {
      Variable: variable => {
        used.add(variable.name.value)
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value)
        if (!fragment || spread.has(name.value)) return
        spread.set(name.value, fragment)
        note(fragment)
      }
    })
  }
  note(definition)
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value))
  const own: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...definition, ...(variableDefinitions && { variableDefinitions }) }, ...spread.values()]
  }
  return { own, used }
}
