import { getNamedType, isInterfaceType, isObjectType } from 'graphql'
import { didYouMean } from './closest.ts'
import type { Contract, GrantClause } from './contract.ts'
import type { Directory } from './directory.ts'
import type { Grant } from './grant.ts'
import { grantScopes } from './grant-scope.ts'
import type { Graph } from './graph.ts'
import { type CompiledMask, compileMask } from './masks.ts'
import { type Path, type Problem, reporter } from './problem.ts'

export interface ReadGrants {
  readonly grants: readonly Grant[]
  readonly problems: readonly Problem[]
}

/** Spells out a contract's clauses, field by field, and says what is wrong with each. */
export function readGrants(contract: Contract, graph: Graph, directory: Directory, zone: string): ReadGrants {
  const problems: Problem[] = []
  const report = reporter(contract.source, problems)
  const grants = contract.document.grants.flatMap((clause, i) =>
    namedFields(contract, clause, ['grants', i], graph, report.error).flatMap(named =>
      grantOf(contract, clause, named, { graph, directory, zone, error: report.error })
    )
  )
  return { grants, problems: [...problems, ...contradictions(contract, grants)] }
}

interface NamedField {
  readonly type: string
  readonly field: string
  readonly path: Path
  /** Written out, not meant by `*`. */
  readonly explicit: boolean
}

type Report = (path: Path, message: string, remedy: string) => void

function namedFields(
  { document }: Contract,
  clause: GrantClause,
  path: Path,
  graph: Graph,
  error: Report
): readonly NamedField[] {
  const { provider } = document
  const owned = (type: string) =>
    fieldNames(graph, type).filter(field => graph.ownership.owner(type, field) === provider)
  if (clause.on === '*') {
    if (clause.fields !== '*')
      return complain(
        error,
        [...path, 'fields'],
        'fields of every type cannot be named one by one',
        'Write fields: "*", or name the type'
      )
    if (clause.except) return complain(error, [...path, 'except'], 'except needs a type', 'Name the type in on')
    const types = Object.values(graph.schema.getTypeMap()).filter(isObjectType)
    return types.flatMap(({ name: type }) => owned(type).map(field => ({ type, field, path, explicit: false })))
  }
  const type = graph.schema.getType(clause.on)
  if (!isObjectType(type)) return unknownType(clause, [...path, 'on'], graph, error)
  for (const [i, field] of (clause.except ?? []).entries()) {
    if (!type.getFields()[field]) unknownField(type.name, field, [...path, 'except', i], graph, error)
  }
  if (clause.fields === '*') {
    const fields = owned(type.name).filter(field => !clause.except?.includes(field))
    if (!fields.length)
      return complain(
        error,
        [...path, 'fields'],
        `${provider} owns no field of ${type.name}`,
        'Grant what the provider owns (K2)'
      )
    return fields.map(field => ({ type: type.name, field, path, explicit: false }))
  }
  if (clause.except)
    complain(error, [...path, 'except'], 'except goes with fields: "*"', 'Leave the field out of the list instead')
  return clause.fields.flatMap((field, i) => {
    const at = [...path, 'fields', i]
    if (!type.getFields()[field]) return unknownField(type.name, field, at, graph, error)
    const owner = graph.ownership.owner(type.name, field)
    if (owner === provider || graph.ownership.isCommons(type.name, field))
      return [{ type: type.name, field, path: at, explicit: true }]
    const whose = owner === null ? 'has no single owner' : `is owned by ${owner}, not by ${provider}`
    return complain(
      error,
      at,
      `${type.name}.${field} ${whose}`,
      owner === null ? 'Put @owner on it (K2)' : `Ask ${owner} for a contract of its own (K2)`
    )
  })
}

interface Reading {
  readonly graph: Graph
  readonly directory: Directory
  readonly zone: string
  readonly error: Report
}

function grantOf(
  contract: Contract,
  clause: GrantClause,
  named: NamedField,
  { graph, directory, zone, error }: Reading
): readonly Grant[] {
  const { type, field, path } = named
  const maskPath = [...path.slice(0, 2), 'mask']
  const definition = graph.field(type, field)
  if (!definition) return []
  let mask: CompiledMask | null = null
  if (clause.mask !== undefined) {
    const compiled = compileMask(clause.mask, getNamedType(definition.type).name, graph.schema, zone)
    if (typeof compiled === 'string')
      return complain(error, maskPath, `${type}.${field}: ${compiled}`, 'Choose a mask for its type, or none')
    mask = compiled
  }
  if (contract.document.stage === 'aggregate' && graph.ownership.isEntity(type)) {
    return complain(
      error,
      path,
      `${type} is a record, and stage aggregate shares no records`,
      'Grant aggregates only, or agree on stage pilot'
    )
  }
  const scopes = grantScopes(contract, clause, named, graph, directory, error)
  if (!scopes) return []
  const signer = clause.exception && directory.people.find(p => p.id === clause.exception?.by)
  if (clause.exception && signer?.department !== contract.document.provider) {
    const by = clause.exception.by
    return complain(
      error,
      [...path.slice(0, 2), 'exception', 'by'],
      `${by} is not a person of ${contract.document.provider}`,
      'Let the owner sign its exception (K6)'
    )
  }
  return [{ type, field, mask, ...scopes, clause: { contract, path }, arrivalAllowed: clause.exception !== undefined }]
}

/** The same field twice on the same rows, masked differently. */
function contradictions({ source }: Contract, grants: readonly Grant[]): readonly Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, Grant>()
  for (const grant of grants) {
    const key = `${grant.type}.${grant.field} ${JSON.stringify(grant.read)}`
    const before = seen.get(key)
    seen.set(key, grant)
    if (!before || before.mask?.name === grant.mask?.name) continue
    const [a, b] = [before, grant].map(g => (g.mask ? `masked (${g.mask.name})` : 'plain'))
    const remedy = 'Leave the field out of one clause; fields: "*" takes except'
    reporter(source, problems).error(
      grant.clause?.path ?? [],
      `${grant.type}.${grant.field} is granted ${a} and ${b} on the same rows`,
      remedy
    )
  }
  return problems
}

function unknownType({ on }: GrantClause, path: Path, graph: Graph, error: Report): [] {
  const type = graph.schema.getType(on)
  const objects = Object.values(graph.schema.getTypeMap()).filter(isObjectType)
  if (isInterfaceType(type)) {
    const names = graph.schema.getPossibleTypes(type).map(t => t.name)
    return complain(
      error,
      path,
      `${on} is an interface`,
      `Grant the fields of ${names.join(', ')}: the interface shows what all of them do (K8)`
    )
  }
  if (type)
    return complain(
      error,
      path,
      `${on} has no fields that can be granted`,
      'It is visible wherever a granted field needs it'
    )
  return complain(
    error,
    path,
    `there is no type ${on}${didYouMean(
      on,
      objects.map(t => t.name)
    )}`,
    'Correct its name'
  )
}

function unknownField(type: string, field: string, path: Path, graph: Graph, error: Report): [] {
  return complain(
    error,
    path,
    `${type} has no field "${field}"${didYouMean(field, fieldNames(graph, type))}`,
    'Correct its name, or remove it'
  )
}

function fieldNames(graph: Graph, type: string): readonly string[] {
  const named = graph.schema.getType(type)
  return isObjectType(named) ? Object.keys(named.getFields()).filter(f => !f.startsWith('__')) : []
}

function complain(error: Report, path: Path, message: string, remedy: string): [] {
  error(path, message, remedy)
  return []
}
