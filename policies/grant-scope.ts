import { isEnumType } from 'graphql'
import type { ScopeKey } from '../platform/scope/scope.ts'
import { didYouMean } from './closest.ts'
import type { Contract, GrantClause, ScopeClause } from './contract.ts'
import type { Directory } from './directory.ts'
import type { Graph } from './graph.ts'
import type { Path } from './problem.ts'
import { ALL_ROWS, claimsOf, type ScopeTemplate } from './row-scope.ts'
import { writtenTypes } from './written-types.ts'

type Report = (path: Path, message: string, remedy: string) => void

/** The rows of one granted field: those to read, and for a mutation those to write; null when they cannot be told. */
export function grantScopes(
  contract: Contract,
  clause: GrantClause,
  { type, field, path }: { readonly type: string; readonly field: string; readonly path: Path },
  graph: Graph,
  directory: Directory,
  error: Report
): { readonly read: ScopeTemplate; readonly write: ScopeTemplate | null } | null {
  const { scope } = contract.document
  const at: Path = clause.scope === undefined ? ['scope'] : [...path.slice(0, 2), 'scope']
  const own = (
    given: ScopeClause | undefined,
    types: readonly string[],
    kind: 'read' | 'write'
  ): ScopeTemplate | null => {
    const where = clause.scope === undefined ? [...at, kind] : at
    const limited = types.filter(t => graph.ownership.scopedBy(t) !== null)
    if (given === undefined) {
      if (!types.length) return ALL_ROWS
      error(
        path,
        `${type}.${field} is granted without saying on which rows`,
        `Add scope.${kind}: all, or the keys that limit ${types.join(', ')} (${kind === 'read' ? 'K4' : 'K7'})`
      )
      return null
    }
    const template = templateOf(given)
    const unfit = unfitKey(template, limited, graph)
    if (unfit) {
      error(
        where,
        `${unfit.type} is not scoped by ${unfit.key}`,
        `Limit it by ${graph.ownership.scopedBy(unfit.type)?.join(', ')}, or give its grant a scope of its own (K4)`
      )
      return null
    }
    return checkValues(contract, template, where, graph, directory, error) ? template : null
  }
  if (type === graph.roots.mutation) {
    const written = writtenTypes(graph, field)
    const write = own(clause.scope ?? scope?.write, written.length ? written : [type], 'write')
    const boundless = written.find(t => graph.ownership.scopedBy(t) === null)
    if (write && boundless && Object.keys(write).length) {
      error(
        path,
        `${field} writes ${boundless}, whose rows cannot be limited`,
        'Give the grant scope: all, or do not grant it (K7)'
      )
      return null
    }
    return write && { read: ALL_ROWS, write }
  }
  // A door has no rows of its own.
  if (type === graph.roots.query) return { read: ALL_ROWS, write: null }
  const isScoped = graph.ownership.scopedBy(type) !== null
  const read = own(clause.scope ?? scope?.read, isScoped ? [type] : [], 'read')
  return read && { read, write: null }
}

function templateOf(clause: ScopeClause): ScopeTemplate {
  return clause === 'all' ? ALL_ROWS : clause
}

function unfitKey(
  scope: ScopeTemplate,
  types: readonly string[],
  graph: Graph
): { type: string; key: ScopeKey } | null {
  for (const type of types) {
    const key = (Object.keys(scope) as ScopeKey[]).find(k => !graph.ownership.scopedBy(type)?.includes(k))
    if (key) return { type, key }
  }
  return null
}

function checkValues(
  { document }: Contract,
  scope: ScopeTemplate,
  path: Path,
  graph: Graph,
  { consumers }: Directory,
  error: Report
): boolean {
  const party = consumers.filter(c => c.party === document.consumer)
  const known = [...new Set(party.flatMap(c => Object.keys(c.claims)))]
  const unknown = claimsOf(scope).find(claim => party.length > 0 && !known.includes(claim))
  if (unknown !== undefined) {
    const has = known.length ? `It has ${known.map(k => `$${k}`).join(', ')}` : 'It has no claims'
    error(
      path,
      `no consumer of ${document.consumer} has the claim $${unknown}${didYouMean(unknown, known)}`,
      `${has}; add the claim to consumers.yaml`
    )
    return false
  }
  const channels = graph.schema.getType('Channel')
  const wrong = isEnumType(channels)
    ? scope.channel?.find(value => !value.startsWith('$') && !channels.getValue(value))
    : undefined
  if (wrong === undefined || !isEnumType(channels)) return true
  const names = channels.getValues().map(v => v.name)
  error(path, `there is no channel ${wrong}${didYouMean(wrong, names)}`, `Use one of ${names.join(', ')}`)
  return false
}
