import {
  type DefinitionNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print
} from 'graphql'
import type { SubscriptionField } from '../platform/log/catalogue.ts'
import { SUBGRAPH_HEADER } from '../platform/subgraph/directives.ts'

/** Name of the virtual subgraph that holds the Subscription root: the planner fetches from it, the gateway answers it from the log. */
export const LOG_SUBGRAPH = 'log'

const ENVELOPE = `
"What happened: its envelope is the same for every event (CloudEvents id and time)."
interface Event @commons {
  "Random; the same in every delivery of the event."
  id: ID!
  "Where to resume: send it back as \`after\`."
  cursor: Cursor!
  at: DateTime!
  "Counts per aggregate, without gaps."
  version: Int
}
scalar Cursor
scalar DateTime
`

/**
 * One SDL from the rooms' subscription fields. What several rooms declare alike (entity stubs, enums) stands once;
 * declared differently, it throws.
 */
export function logSubgraphSdl(fields: readonly SubscriptionField[]): string {
  const definitions = new Map<string, { readonly text: string; readonly by: string }>()
  const roots: FieldDefinitionNode[] = []
  for (const { name, sdl } of [{ name: 'the envelope', sdl: ENVELOPE }, ...fields]) {
    for (const node of parse(sdl).definitions) {
      if (isSubscriptionRoot(node)) roots.push(...(node.fields ?? []))
      else addOnce(definitions, node, name)
    }
  }
  const types = [...definitions.values()].map(({ text }) => text)
  const root = roots.map(field => print(field).replaceAll('\n', '\n  ')).join('\n  ')
  return `${SUBGRAPH_HEADER}\n${types.join('\n\n')}\n\ntype Subscription {\n  ${root}\n}\n`
}

function isSubscriptionRoot(node: DefinitionNode): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  return (
    (node.kind === Kind.OBJECT_TYPE_EXTENSION || node.kind === Kind.OBJECT_TYPE_DEFINITION) &&
    node.name.value === 'Subscription'
  )
}

function addOnce(definitions: Map<string, { text: string; by: string }>, node: DefinitionNode, by: string): void {
  const name = 'name' in node && node.name ? node.name.value : node.kind
  const text = print(node)
  const known = definitions.get(name)
  if (known && known.text !== text)
    throw new Error(`subscription fields ${known.by} and ${by} declare ${name} differently`)
  definitions.set(name, known ?? { text, by })
}
