import { Kind, OperationTypeNode, parseType, print, type SelectionSetNode, type VariableDefinitionNode } from 'graphql'
import type { Group } from './group.ts'
import { levelsOf } from './merge-groups.ts'
import type { ContextualVariable, EntityAlias, EntityFetchNode, FetchNode, PlanNode } from './plan-node.ts'
import type { SubgraphTypes } from './subgraph-types.ts'
import { entityOperation, FetchWriter, rootOperation, usedVariables, type Written } from './write-fetch.ts'

/** Groups that travel in one request. */
interface Request {
  readonly groups: readonly Group[]
  readonly level: number
}

/** What the operations of a plan are made of besides their groups. */
export interface Scheduling {
  readonly types: SubgraphTypes
  readonly operation: OperationTypeNode
  readonly variables: readonly VariableDefinitionNode[]
}

/** Puts groups in order: each as early as what it needs allows, and those that go to one subgraph at one time together. */
export function schedule(groups: readonly Group[], about: Scheduling): PlanNode | undefined {
  const levels = levelsOf(groups)
  const requests = new Map<string, { readonly groups: Group[]; readonly level: number }>()
  for (const [i, group] of groups.entries()) {
    const level = levels.get(group) ?? 0
    const isAlone = group.kind === 'root' || group.contextual.length > 0
    const key = isAlone ? `alone ${i}` : `${level} ${group.subgraph}`
    const request = requests.get(key) ?? { groups: [], level }
    requests.set(key, request)
    request.groups.push(group)
  }
  return parallel(independent([...requests.values()]).map(part => inOrder(part, about)))
}

/** Requests that have nothing to do with each other need not wait for each other. */
function independent(requests: readonly Request[]): readonly (readonly Request[])[] {
  const of = new Map(requests.flatMap(request => request.groups.map(group => [group, request] as const)))
  const part = new Map<Request, Request[]>()
  for (const request of requests) {
    const own = part.get(request) ?? [request]
    part.set(request, own)
    for (const group of request.groups) {
      for (const before of group.after) {
        const other = of.get(before)
        if (!other) continue
        const theirs = part.get(other) ?? [other]
        if (theirs === own) continue
        for (const each of theirs) {
          own.push(each)
          part.set(each, own)
        }
      }
    }
  }
  return [...new Set(part.values())]
}

function inOrder(requests: readonly Request[], about: Scheduling): PlanNode {
  const levels = new Map<number, PlanNode[]>()
  for (const request of [...requests].sort((a, b) => a.level - b.level)) {
    const node = fetchNode(request.groups, about)
    const same = levels.get(request.level)
    if (same) same.push(node)
    else levels.set(request.level, [node])
  }
  const nodes = [...levels.values()].flatMap(level => parallel(level) ?? [])
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'Sequence', nodes }
}

function parallel(nodes: readonly PlanNode[]): PlanNode | undefined {
  return nodes.length > 1 ? { kind: 'Parallel', nodes } : nodes[0]
}

function fetchNode(groups: readonly Group[], about: Scheduling): PlanNode {
  const [group] = groups
  return group?.kind === 'root' ? rootNode(group, about) : entityNode(groups, about)
}

function rootNode(group: Group, { types, operation, variables }: Scheduling): FetchNode {
  const { set, renames } = new FetchWriter(types, group.subgraph).write(group.rows)
  const used = usedVariables([set], variables)
  const kind = group.path.length > 0 ? OperationTypeNode.QUERY : operation
  return {
    kind: 'Fetch',
    subgraph: group.subgraph,
    operation: rootOperation(kind, set, used),
    variables: used.map(({ variable }) => variable.name.value),
    renames,
    path: group.path
  }
}

interface Draft {
  readonly written: Written
  readonly groups: Group[]
}

/** Rows at several places that are asked alike are one list. */
function draftsOf(groups: readonly Group[], types: SubgraphTypes): readonly Draft[] {
  const drafts = new Map<string, Draft>()
  for (const group of groups) {
    const written = new FetchWriter(types, group.subgraph).write(group.rows)
    const identity = JSON.stringify([inAnyOrder(written.set), written.renames, [...group.requires.values()]])
    const draft = drafts.get(identity)
    if (draft) draft.groups.push(group)
    else drafts.set(identity, { written, groups: [group] })
  }
  return [...drafts.values()]
}

function inAnyOrder({ selections }: SelectionSetNode): string {
  const texts = selections.map(selection => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return print(selection)
    return `${print({ ...selection, selectionSet: EMPTY })}${inAnyOrder(selection.selectionSet)}`
  })
  return `{${texts.sort()}}`
}

const EMPTY: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] }

function definitionOf({ name, type }: ContextualVariable): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: parseType(type, { noLocation: true })
  }
}

function entityNode(groups: readonly Group[], { types, variables }: Scheduling): EntityFetchNode {
  const subgraph = groups[0]?.subgraph ?? ''
  const drafts = draftsOf(groups, types)
  const several = drafts.length > 1
  const aliases = drafts.map(
    ({ written: { renames }, groups: same }, i): EntityAlias => ({
      alias: several ? `_e${i}` : '_entities',
      representations: several ? `__batch_reps_${i}` : 'representations',
      paths: same.map(({ path }) => path),
      requires: [...(same[0]?.requires.values() ?? [])],
      renames
    })
  )
  const sets = drafts.map(({ written }) => written.set)
  const used = usedVariables(sets, variables)
  const contextual = groups[0]?.contextual ?? []
  return {
    kind: 'EntityFetch',
    subgraph,
    operation: entityOperation(aliases, sets, [...used, ...contextual.map(definitionOf)]),
    variables: used.map(({ variable }) => variable.name.value),
    aliases,
    contextual
  }
}
