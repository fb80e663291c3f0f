import type { CompiledBook } from './compile-book.ts'
import type { Cell } from './decision.ts'
import { allSources } from './derivation.ts'
import type { Grant } from './grant.ts'
import { describeProblem } from './problem.ts'
import { scopeText } from './row-scope.ts'

/** One clause that has a say. */
export interface DecidingClause {
  readonly contract: string
  readonly version: string
  readonly file: string
  readonly line: number | null
  readonly mask: string | null
  readonly rows: string
}

/** Why a party sees a field, or does not. */
export interface Explanation {
  readonly coordinate: string
  readonly party: string
  readonly verdict: 'unknown' | 'hidden' | 'visible' | 'masked'
  /** Null for plumbing, which nobody owns. */
  readonly owner: string | null
  readonly why: string
  readonly clauses: readonly DecidingClause[]
  /** What would show it, or show it plainly; null when nothing is missing. */
  readonly lift: string | null
  /** Visible fields that are built from it or from which it could be read back. */
  readonly through: readonly string[]
}

/** Says which clause of which contract decides about a field, and what would lift it. */
export function explain(book: CompiledBook, party: string, coordinate: string): Explanation {
  const { graph } = book
  const [type = '', field = ''] = coordinate.split('.')
  const owner = graph.ownership.owner(type, field)
  const view = book.view(party)
  const base = { coordinate, party, owner, clauses: [], lift: null, through: throughOf(book, party, coordinate) }
  if (!graph.field(type, field))
    return { ...base, verdict: 'unknown', why: 'there is no such field', lift: 'Write Type.field' }
  const cell = view?.resolved.cells.get(coordinate)
  if (!view?.isVisible(coordinate)) return { ...base, ...whyHidden(book, party, coordinate, owner, cell) }
  if (!cell)
    return { ...base, verdict: 'visible', why: 'it is plumbing (@commons), visible wherever it is reached (K2)' }
  const clauses = cell.grants.flatMap(clauseOf)
  const rows = cell.scopes.map(scopeText).join(' or ')
  const on = rows === 'all rows' ? '' : ` on rows where ${rows}`
  if (owner === party) return { ...base, verdict: 'visible', why: `${party} owns it (K2)`, clauses }
  if (!cell.mask) return { ...base, verdict: 'visible', why: `it is granted${on} (K3)`, clauses }
  const lift = `${owner ?? 'The owner'} would have to grant it without a mask`
  return { ...base, verdict: 'masked', why: `it is granted as ${cell.mask.name}${on} (K6)`, clauses, lift }
}

function whyHidden(
  book: CompiledBook,
  party: string,
  coordinate: string,
  owner: string | null,
  cell: Cell | undefined
) {
  const verdict = 'hidden' as const
  const grants = (book.view(party)?.resolved.grants ?? []).filter(g => `${g.type}.${g.field}` === coordinate)
  if (cell) {
    const why = 'it is granted, but nothing that the party may ask leads to it'
    return { verdict, why, clauses: cell.grants.flatMap(clauseOf), lift: `Grant a field that returns ${cell.type}` }
  }
  if (grants.length) {
    const problem = book.view(party)?.resolved.problems.find(p => p.message.includes(coordinate))
    const why = 'it is granted, and withheld, because the contracts together may not show it'
    return { verdict, why, clauses: grants.flatMap(clauseOf), lift: problem ? describeProblem(problem) : null }
  }
  const idle = book.idle.find(
    ({ contract, grants: would }) =>
      contract.document.consumer === party && would.some(g => `${g.type}.${g.field}` === coordinate)
  )
  if (idle) {
    const { id, version } = idle.contract.document
    const clauses = idle.grants.filter(g => `${g.type}.${g.field}` === coordinate).flatMap(clauseOf)
    return { verdict, why: `${id} ${version} would grant it, but ${idle.why}`, clauses, lift: `Put ${id} in force` }
  }
  if (owner === null)
    return { verdict, why: 'it is plumbing, and nothing that the party may ask leads to it', lift: null }
  const lift = `A contract ${owner} → ${party} that grants ${coordinate}`
  return { verdict, why: 'no contract grants it', lift }
}

function clauseOf({ clause, mask, read }: Grant): readonly DecidingClause[] {
  if (!clause) return []
  const { document, source } = clause.contract
  const line = source.line(clause.path)
  return [
    {
      contract: document.id,
      version: document.version,
      file: source.file,
      line,
      mask: mask?.name ?? null,
      rows: scopeText(read)
    }
  ]
}

function throughOf({ graph, view: viewOf }: CompiledBook, party: string, coordinate: string): readonly string[] {
  const view = viewOf(party)
  const correlated = graph.ownership.correlates(coordinate)
  return graph.coordinates.filter(
    other =>
      other !== coordinate &&
      !other.includes('(') &&
      view?.isVisible(other) === true &&
      (correlated.includes(other) || allSources(other, graph).includes(coordinate))
  )
}
