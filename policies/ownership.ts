import { type DocumentNode, Kind } from 'graphql'
import { type Facts, type FieldFacts, readFacts, type TypeFacts } from './facts.ts'
import { ownersOf, requiredCoordinates } from './owners.ts'
import type { Problem } from './problem.ts'

const SCOPE_KEYS = ['orderId', 'channel', 'customerId', 'supplierIds', 'region', 'carrier']

/** Why a supergraph may not be composed: what has no single owner, or hangs on what does not exist (K2, K4, K5, K6). */
export function checkOwnership(supergraph: DocumentNode): readonly Problem[] {
  const facts = readFacts(supergraph)
  if (!facts.linked) {
    return [
      wrong('the supergraph does not link the contract directives', 'Put SUBGRAPH_HEADER before every subgraph’s types')
    ]
  }
  return [...facts.types].flatMap(([name, type]) => {
    if (type.inaccessible || type.node.kind === Kind.INTERFACE_TYPE_DEFINITION || name.includes('__')) return []
    const fields = [...type.fields].filter(([, field]) => !field.inaccessible)
    return [
      ...checkType(facts, name, type),
      ...fields.flatMap(([field, f]) => [
        ...checkOwner(facts, name, type, field, f),
        ...checkHangsOn(facts, `${name}.${field}`, 'derivedFrom', f.derivedFrom),
        ...checkHangsOn(facts, `${name}.${field}`, 'correlates', f.correlates),
        ...checkRequires(facts, name, field, f)
      ])
    ]
  })
}

function checkType(facts: Facts, name: string, type: TypeFacts): Problem[] {
  const problems: Problem[] = []
  if (type.owners.length > 1) {
    problems.push(
      wrong(
        `${name} is owned by ${type.owners.join(' and ')}`,
        'Leave @owner on the type where it originates, and put @owner on the fields that others add (K2)'
      )
    )
  }
  if (type.owners.length && type.commons) {
    problems.push(
      wrong(`${name} is owned by ${type.owners.join(' and ')} and is commons`, 'Choose one of @owner and @commons (K2)')
    )
  }
  if (facts.roots.has(name) && (type.owners.length || type.commons)) {
    problems.push(
      wrong(`${name} is a root type with an owner`, 'Every room adds to it: put @owner on each of its fields (K2)')
    )
  }
  for (const key of type.scopedBy ?? []) {
    if (SCOPE_KEYS.includes(key)) continue
    problems.push(wrong(`${name} is scoped by "${key}", which no row carries`, `Use ${SCOPE_KEYS.join(', ')} (K4)`))
  }
  if (type.scopedBy?.length === 0)
    problems.push(wrong(`${name} is @scoped by nothing`, 'Name its keys, or leave @scoped away (K4)'))
  return [...problems, ...checkInherited(facts, name, type)]
}

/**
 * A supergraph does not say which subgraph put `@owner` on a type. So when fields without an owner of their own come from
 * several subgraphs, one department would own what another one made.
 */
function checkInherited(facts: Facts, name: string, type: TypeFacts): Problem[] {
  if (!type.owners.length || facts.roots.has(name)) return []
  const byGraph = new Map<string, string[]>()
  for (const [field, f] of type.fields) {
    const [graph] = f.graphs ?? []
    if (f.inaccessible || f.owners.length || f.commons || graph === undefined || f.graphs?.length !== 1) continue
    byGraph.set(graph, [...(byGraph.get(graph) ?? []), `${name}.${field}`])
  }
  if (byGraph.size < 2) return []
  const list = [...byGraph].map(([graph, fields]) => `${fields.join(', ')} (${graph.toLowerCase()})`).join(' and ')
  return [
    wrong(
      `${list} take the owner of ${name} but come from different subgraphs`,
      'Put @owner on each field that a subgraph adds to another’s type (K2)'
    )
  ]
}

function checkOwner(facts: Facts, type: string, t: TypeFacts, field: string, f: FieldFacts): Problem[] {
  const coordinate = `${type}.${field}`
  if (f.owners.length > 1)
    return [wrong(`${coordinate} is owned by ${f.owners.join(' and ')}`, 'Exactly one department owns a field (K2)')]
  if (f.owners.length && f.commons)
    return [wrong(`${coordinate} is owned by ${f.owners[0]} and is commons`, 'Choose one of @owner and @commons (K2)')]
  if (f.commons || (!f.owners.length && t.commons) || t.owners.length > 1) return []
  if (ownersOf(facts, type, field).length === 1) return []
  return [
    wrong(
      `${coordinate} has no owner`,
      'Put @owner(department:) on it or on its type, or @commons when it is plumbing (K2)'
    )
  ]
}

function checkHangsOn(facts: Facts, coordinate: string, directive: string, targets: readonly string[]): Problem[] {
  return targets
    .filter(target => {
      const [type = '', field = '', ...rest] = target.split('.')
      return rest.length > 0 || !facts.types.get(type)?.fields.has(field)
    })
    .map(target =>
      wrong(
        `${coordinate} is @${directive} "${target}", which does not exist`,
        'Write Type.field as it stands in the supergraph (K5, K6)'
      )
    )
}

function checkRequires(facts: Facts, type: string, field: string, f: FieldFacts): Problem[] {
  const owner = ownersOf(facts, type, field)[0]
  return f.requires
    .flatMap(selection => requiredCoordinates(facts, type, selection))
    .filter(source => {
      const [sourceType = '', sourceField = ''] = source.split('.')
      const [sourceOwner] = ownersOf(facts, sourceType, sourceField)
      return sourceOwner !== undefined && sourceOwner !== owner && !f.derivedFrom.includes(source)
    })
    .map(source =>
      wrong(
        `${type}.${field} requires ${source} of another department and does not say so`,
        `Add @derivedFrom(fields: ["${source}"]) (K5)`
      )
    )
}

function wrong(message: string, remedy: string): Problem {
  return { severity: 'error', file: null, line: null, clause: null, message, remedy }
}
