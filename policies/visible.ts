import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType
} from 'graphql'
import type { Cells } from './decision.ts'
import type { Graph } from './graph.ts'

/** What a party can reach: types by name, each with its visible fields. Unions and enums stand with no fields. */
export type Visible = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The types and fields that exist for a party: granted, or commons, reached from a root, and with something inside.
 * Nothing that is left out here exists for it (semantics K2, K8).
 */
export function visibleTypes(cells: Cells, withheld: ReadonlySet<string>, graph: Graph): Visible {
  const granted = new Set([...cells.values()].map(cell => cell.type))
  const isCandidate = (type: string, field: string) => {
    const coordinate = `${type}.${field}`
    return !withheld.has(coordinate) && (cells.has(coordinate) || graph.ownership.isCommons(type, field))
  }
  const outputOf = (coordinate: string) => cells.get(coordinate)?.mask?.output ?? ''
  const given: Given = { graph, granted, isCandidate, outputOf }
  const dead = new Set<string>()
  for (;;) {
    const reached = reach(given, dead)
    settleInterfaces(reached, given)
    const hollow = [...reached].flatMap(([name, fields]) => (isHollow(name, fields, reached, graph) ? [name] : []))
    if (!hollow.length) return reached
    for (const name of hollow) dead.add(name)
  }
}

interface Given {
  readonly graph: Graph
  readonly granted: ReadonlySet<string>
  isCandidate(type: string, field: string): boolean
  outputOf(coordinate: string): string
}

/** Types reached from the roots when `dead` ones do not exist. */
function reach(given: Given, dead: ReadonlySet<string>): Map<string, Set<string>> {
  const { graph, granted, isCandidate } = given
  const reached = new Map<string, Set<string>>()
  const queue: GraphQLNamedType[] = []
  const enter = (type: GraphQLNamedType | undefined | null): boolean => {
    if (!type || dead.has(type.name)) return false
    if (!reached.has(type.name)) {
      reached.set(type.name, new Set())
      queue.push(type)
    }
    return true
  }
  enter(graph.schema.getQueryType())
  enter(graph.schema.getMutationType())
  enter(graph.schema.getSubscriptionType())
  for (let type = queue.pop(); type; type = queue.pop()) {
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (isCandidate(type.name, field.name) && enter(getNamedType(field.type)))
          reached.get(type.name)?.add(field.name)
      }
      for (const implemented of type.getInterfaces()) enter(implemented)
    } else if (isInterfaceType(type) || isUnionType(type)) {
      for (const member of graph.schema.getPossibleTypes(type)) {
        // Commons alone do not bring a type into view: there its rows do not exist (K8).
        if (granted.has(member.name) || graph.ownership.isCommonsType(member.name)) enter(member)
      }
    }
    if (isInterfaceType(type)) {
      const fields = interfaceFields(type, reached, given)
      for (const field of fields) if (enter(getNamedType(field.type))) reached.get(type.name)?.add(field.name)
    }
  }
  return reached
}

/** The implementations of an interface that the party sees. */
function implementationsIn(type: GraphQLInterfaceType, reached: Visible, graph: Graph): readonly GraphQLObjectType[] {
  return graph.schema.getPossibleTypes(type).filter(object => reached.has(object.name))
}

/** A field of an interface is visible if every implementation in the view grants it, in one output type (K8). */
function interfaceFields(
  type: GraphQLInterfaceType,
  reached: Visible,
  { graph, isCandidate, outputOf }: Given
): readonly GraphQLField<unknown, unknown>[] {
  const members = implementationsIn(type, reached, graph)
  return Object.values(type.getFields()).filter(field => {
    if (!members.every(object => isCandidate(object.name, field.name))) return false
    const outputs = new Set(members.map(object => outputOf(`${object.name}.${field.name}`)))
    return outputs.size === 1
  })
}

function isHollow(name: string, fields: ReadonlySet<string>, reached: Visible, graph: Graph): boolean {
  const type = graph.schema.getType(name)
  if (isUnionType(type)) return !graph.schema.getPossibleTypes(type).some(member => reached.has(member.name))
  return !isLeafType(type) && fields.size === 0
}

/** Interfaces are settled last, when it is known which implementations are in the view. */
function settleInterfaces(reached: Map<string, Set<string>>, given: Given): void {
  for (const [name, fields] of reached) {
    const type = given.graph.schema.getType(name)
    if (!isInterfaceType(type)) continue
    fields.clear()
    for (const field of interfaceFields(type, reached, given))
      if (reached.has(getNamedType(field.type).name)) fields.add(field.name)
  }
}
