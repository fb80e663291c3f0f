import { createHash } from 'node:crypto'
import { isObjectType } from 'graphql'
import { checkHead } from './check-contract.ts'
import type { Consumer } from './consumer.ts'
import type { Contract, Person } from './contract.ts'
import type { Grant } from './grant.ts'
import { type Graph, readGraph } from './graph.ts'
import { groupBy } from './group-by.ts'
import { dayOf, startOfDay } from './mask-time.ts'
import { PartyView, type SchemaCache } from './party-view.ts'
import { type Problem, reporter } from './problem.ts'
import { readGrants } from './read-grants.ts'
import { resolveParty } from './resolve-party.ts'
import { ALL_ROWS } from './row-scope.ts'
import type { Book } from './view.ts'

export interface BookInput {
  readonly supergraphSdl: string
  readonly contracts: readonly Contract[]
  readonly consumers: readonly Consumer[]
  readonly people: readonly Person[]
  /** Milliseconds: only contracts that are valid on this day grant anything. */
  readonly now: number
  /** The company's zone: days of validity and day masks. */
  readonly zone?: string
  /** Where made schemas are kept; by default all of them, for as long as the book (K10). */
  readonly schemas?: SchemaCache
}

/** A book with what its compiler knows beyond what the router needs. */
export interface CompiledBook extends Book {
  readonly problems: readonly Problem[]
  readonly graph: Graph
  /** What would be granted by contracts that are not in force, and why they are not. */
  readonly idle: readonly IdleContract[]
  readonly parties: readonly string[]
  /** Milliseconds when validity next changes anything: then it has to be compiled again. Null = never. */
  readonly changesAt: number | null
  view(party: string): PartyView | null
}

/** A contract that grants nothing just now. */
export interface IdleContract {
  readonly contract: Contract
  readonly grants: readonly Grant[]
  readonly why: string
}

const DAY = 86_400_000

/**
 * Compiles contracts into what each party sees. A contract with an error grants nothing; a field that contracts together may
 * not show is withheld; everything else stands. Problems say which and why.
 */
export function compileBook({
  supergraphSdl,
  contracts,
  consumers,
  people,
  now,
  zone = 'Asia/Shanghai',
  schemas = new Map()
}: BookInput): CompiledBook {
  const graph = readGraph(supergraphSdl)
  const today = dayOf(now, zone) ?? ''
  const problems: Problem[] = []
  const idle: IdleContract[] = []
  const granting: { readonly contract: Contract; readonly grants: readonly Grant[] }[] = []
  for (const contract of contracts) {
    const { grants, problems: wrong } = readGrants(contract, graph, { consumers, people }, zone)
    const all = [...checkHead(contract, graph, { consumers, people }), ...wrong]
    problems.push(...all)
    const why = all.some(p => p.severity === 'error') ? 'does not compile' : whyIdle(contract, today)
    if (why === null) granting.push({ contract, grants })
    else idle.push({ contract, grants, why })
  }
  const inForce = oneVersionEach(granting, problems)
  const parties = [...new Set([...graph.ownership.departments, ...consumers.map(c => c.party)])].sort()
  const views = new Map<string, PartyView>()
  for (const party of parties) {
    const mine = inForce.filter(({ contract }) => contract.document.consumer === party)
    const grants = [...ownGrants(party, graph), ...mine.flatMap(m => m.grants)]
    if (!grants.length) continue
    const resolved = resolveParty(
      party,
      grants,
      mine.map(m => m.contract),
      graph
    )
    problems.push(...resolved.problems)
    if (!graph.schema.getQueryType() || resolved.visible.has(graph.roots.query))
      views.set(party, new PartyView(resolved, graph, schemas))
    else problems.push(unaskable(party))
  }
  return {
    version: versionOf(
      inForce.map(m => m.contract),
      graph
    ),
    problems: distinct(problems),
    graph,
    idle,
    parties,
    changesAt: nextChange(contracts, now, zone),
    view: party => views.get(party) ?? null
  }
}

function whyIdle({ document: { status, valid } }: Contract, today: string): string | null {
  if (status !== 'FINALIZED') return `is ${status}`
  if (today < valid.from) return `begins on ${valid.from}`
  return today > valid.until ? `ended on ${valid.until}` : null
}

function oneVersionEach<T extends { readonly contract: Contract }>(
  granting: readonly T[],
  problems: Problem[]
): readonly T[] {
  const byId = groupBy(granting, g => g.contract.document.id)
  return [...byId.values()].flatMap(versions => {
    for (const { contract } of versions.slice(1)) {
      const { id, version } = contract.document
      reporter(contract.source, problems).error(
        ['version'],
        `${id} is in force twice: ${versions.map(v => v.contract.document.version).join(', ')}`,
        `End the other version, or set ${version} to an earlier status`
      )
    }
    return versions.length === 1 ? versions : []
  })
}

/** A department sees what it owns without a contract. */
function ownGrants(party: string, graph: Graph): readonly Grant[] {
  if (!graph.ownership.departments.has(party)) return []
  return Object.values(graph.schema.getTypeMap())
    .filter(isObjectType)
    .flatMap(type =>
      Object.keys(type.getFields())
        .filter(field => graph.ownership.owner(type.name, field) === party)
        .map(field => ({
          type: type.name,
          field,
          mask: null,
          read: ALL_ROWS,
          write: ALL_ROWS,
          clause: null,
          arrivalAllowed: true
        }))
    )
}

function unaskable(party: string): Problem {
  const remedy = 'Grant it a field of Query, for example viewer'
  return {
    severity: 'error',
    file: null,
    line: null,
    clause: null,
    message: `${party} may ask nothing, so it cannot be served`,
    remedy
  }
}

function versionOf(contracts: readonly Contract[], graph: Graph): string {
  const hash = createHash('sha256').update(graph.hash)
  for (const text of contracts.map(c => JSON.stringify(c.document)).sort()) hash.update(text).update('\n')
  return hash.digest('hex')
}

function nextChange(contracts: readonly Contract[], now: number, zone: string): number | null {
  const times = contracts
    .filter(({ document }) => document.status === 'FINALIZED')
    .flatMap(({ document: { valid } }) => [startOfDay(valid.from, zone), startOfDay(nextDay(valid.until), zone)])
    .filter(time => time > now)
  return times.length ? Math.min(...times) : null
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map(p => [`${p.file} ${p.clause} ${p.message}`, p])).values()]
}
