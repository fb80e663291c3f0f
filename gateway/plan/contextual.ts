import {
  type ASTNode,
  type DocumentNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  print,
  stripIgnoredCharacters,
  visit
} from 'graphql'
import { isRecord } from '../execute/bare.ts'
import { Failure } from '../execute/failure.ts'
import type { FetchOperation } from './fetch-operation.ts'
import type { ContextualVariable, Requirement } from './fetches/plan-node.ts'
import { factsOf } from './representations.ts'
import type { Contextual, EntitiesStep, EntityGroup } from './steps.ts'
import type { Supergraph } from './supergraph.ts'

/**
 * The most combinations of values in one request. Requests are made for powers of two up to it, so that a subgraph
 * meets few different operations.
 */
export const MOST_COMBINATIONS = 64

/**
 * Compiles what rows are told from around them. A variable has one value in a request, so rows that are told different
 * values are asked for under different aliases, each with variables of its own.
 */
export function compileContextual(
  variables: readonly ContextualVariable[],
  step: Omit<EntitiesStep, 'contextual'>,
  { definition }: FetchOperation,
  supergraph: Supergraph
): Contextual {
  const [group] = step.groups
  if (!group) throw new Error('nothing is asked for of rows that are told something')
  const names = variables.map(({ name }) => name)
  const known = new Map<number, ReturnType<Contextual['step']>>()
  const made = (count: number): ReturnType<Contextual['step']> => {
    if (count === 1) return { ...step, groups: [group], contextual: null, names: [names] }
    const groups = Array.from({ length: count }, (_, i) => ({
      ...group,
      field: `_e${i}`,
      variable: numbered(group.variable, i)
    }))
    return {
      ...step,
      operation: repeated(definition, group, names, count),
      groups,
      contextual: null,
      names: groups.map((_, i) => names.map(name => numbered(name, i)))
    }
  }
  return {
    values: variables.map(({ depth, facts }) => ({ depth, read: object => read(object, facts, supergraph) })),
    step(combinations) {
      const count = 2 ** Math.ceil(Math.log2(combinations))
      const step = known.get(count) ?? made(count)
      known.set(count, step)
      return step
    }
  }
}

/** The value to which a selection leads; undefined when it did not come. */
function read(value: unknown, selections: readonly Requirement[], supergraph: Supergraph): unknown {
  if (value === null || value === undefined || value instanceof Failure) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) {
      const each = read(item, selections, supergraph)
      if (each === undefined || each instanceof Failure) return each
      items.push(each)
    }
    return items
  }
  if (!isRecord(value)) return undefined
  const typename = typeof value['__typename'] === 'string' ? value['__typename'] : null
  const fact = factsOf(selections, typename, supergraph).find(({ to }) => to !== '__typename')
  // Of rows of this type nothing is selected.
  if (!fact) return null
  return fact.inner ? read(value[fact.from], fact.inner, supergraph) : whole(value[fact.from])
}

/** A list is told as a whole, or not at all. */
function whole(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  for (const item of value) {
    const each = whole(item)
    if (each instanceof Failure) return each
  }
  return value
}

/** The operation with its entities asked for so many times, each time with other variables. */
function repeated(
  definition: OperationDefinitionNode,
  { variable: representations }: EntityGroup,
  names: readonly string[],
  count: number
): EntitiesStep['operation'] {
  const own = new Set([representations, ...names])
  const times = Array.from({ length: count }, (_, i) => i)
  const numberedIn = <Node extends ASTNode>(node: Node, i: number): Node =>
    visit(node, {
      Variable: variable =>
        own.has(variable.name.value) ? { ...variable, name: nameNode(numbered(variable.name.value, i)) } : undefined
    })
  const operation: OperationDefinitionNode = {
    ...definition,
    variableDefinitions: (definition.variableDefinitions ?? []).flatMap(each =>
      own.has(each.variable.name.value) ? times.map(i => numberedIn(each, i)) : [each]
    ),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: definition.selectionSet.selections.flatMap(selection =>
        selection.kind === Kind.FIELD
          ? times.map(i => ({ ...numberedIn(selection, i), alias: nameNode(`_e${i}`) }))
          : []
      )
    }
  }
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation] }
  return { kind: operation.operation, text: stripIgnoredCharacters(print(document)), document }
}

function numbered(name: string, i: number): string {
  return `${name}_${i}`
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value }
}
