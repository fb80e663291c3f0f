import {
  type DefinitionNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type VariableDefinitionNode
} from 'graphql'
import type { Document } from '../prepare/document.ts'
import { responseKeyOf } from './ast.ts'
import type { DataKey } from './data-keys.ts'
import type { Steps } from './in-slices.ts'
import { plannerWriter } from './planner-writer.ts'
import { isIntrospection, rootFields } from './root-fields.ts'
import type { Supergraph } from './supergraph.ts'

/** What the planner is asked, in our own words instead of the client's. */
export interface PlannerDocument {
  /** The whole operation; null when the router answers it alone. */
  readonly whole: string | null
  /** A mutation field by field, when it has several. */
  readonly steps: readonly Step[] | null
  /** How large the whole is to plan: fields, about. */
  readonly size: number
  /** The planner's variable names → the client's. */
  readonly variables: ReadonlyMap<string, string>
}

interface Step {
  readonly responseKey: string
  readonly mutation: string
  readonly text: string
}

/** Rewrites an operation for the planner. Throws RequestError OPERATION_LIMIT when it grows out of measure. */
export function* plannerDocument(document: Document, supergraph: Supergraph, dataKey: DataKey): Steps<PlannerDocument> {
  const { operation } = document
  const renamed = renameVariables(operation.variableDefinitions ?? [])
  // The router knows the root's type name itself.
  const fields = rootFields(document).filter(field => !isIntrospection(field) && field.name.value !== '__typename')
  let size = 0
  const write = function* (roots: readonly FieldNode[]): Steps<string> {
    const writer = plannerWriter(document, supergraph, dataKey, renamed)
    const selections = roots.map(field => writer.root(field))
    size = Math.max(size, writer.size())
    yield
    return printed(operation, selections, writer.variables(operation.variableDefinitions ?? []), writer.fragments())
  }
  const whole = fields.length > 0 ? yield* write(fields) : null
  const steps = operation.operation === 'mutation' ? yield* oneByOne(fields, write) : null
  return {
    whole,
    size,
    steps,
    variables: new Map([...renamed].map(([client, planner]) => [planner, client]))
  }
}

function* oneByOne(
  fields: readonly FieldNode[],
  write: (roots: readonly FieldNode[]) => Steps<string>
): Steps<PlannerDocument['steps']> {
  const groups = new Map<string, FieldNode[]>()
  for (const field of fields) {
    const responseKey = responseKeyOf(field)
    const group = groups.get(responseKey)
    if (group) group.push(field)
    else groups.set(responseKey, [field])
  }
  if (groups.size < 2) return null
  const steps: Step[] = []
  for (const [responseKey, roots] of groups) {
    steps.push({ responseKey, mutation: roots[0]?.name.value ?? '', text: yield* write(roots) })
  }
  return steps
}

function printed(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
  variableDefinitions: readonly VariableDefinitionNode[],
  fragments: readonly DefinitionNode[]
): string {
  const definition: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: operation.operation,
    variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections }
  }
  return print({ kind: Kind.DOCUMENT, definitions: [definition, ...fragments] })
}

/** Client's name → ours. The planner's own variables (`representations`, `contextualArgument_0`) would be taken for the client's. */
function renameVariables(definitions: readonly VariableDefinitionNode[]): ReadonlyMap<string, string> {
  const names = definitions.map(definition => definition.variable.name.value)
  const clash = names.some(name => /^(_|representations|contextualArgument)/.test(name) || name in Object.prototype)
  return new Map(names.map((name, i) => [name, clash ? `v${i}` : name]))
}
