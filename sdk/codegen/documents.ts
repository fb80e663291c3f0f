import type { PluginFunction } from '@graphql-codegen/plugin-helpers'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  visit
} from 'graphql'

/** A codegen plugin: one `<Name>Document` an operation, as text with the fragments it uses and the types of its answer. */
export const plugin: PluginFunction = (_schema, files) => {
  const definitions = files.flatMap(file => file.document?.definitions ?? [])
  const fragments = new Map(
    definitions.flatMap(definition =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : []
    )
  )
  const operations = definitions.filter(definition => definition.kind === Kind.OPERATION_DEFINITION)
  return {
    prepend: ["import type { TypedDocument } from '../document.ts'"],
    content: operations.map(operation => constant(operation, fragments)).join('\n\n')
  }
}

function constant(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): string {
  const name = operation.name?.value ?? ''
  const kind = operation.operation.replace(/^./, first => first.toUpperCase())
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...used(operation, fragments)] }
  const type = `TypedDocument<${name}${kind}, ${name}${kind}Variables>`
  return `export const ${name}Document: ${type} = \`${print(document)}\``
}

/** The fragments that a definition spreads, and those that they spread. */
function used(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>()
): ReadonlySet<FragmentDefinitionNode> {
  visit(definition, {
    FragmentSpread(spread) {
      const fragment = fragments.get(spread.name.value)
      if (fragment && !found.has(fragment)) used(fragment, fragments, found.add(fragment))
    }
  })
  return found
}
