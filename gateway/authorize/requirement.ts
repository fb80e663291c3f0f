import { createHash } from 'node:crypto'

/** One fact about a caller: `authenticated`, `scope:…` or `policy:…`. */
export type Literal = string

/** Alternatives, each of them facts that must all be there: a disjunctive normal form. */
export type Clause = readonly (readonly Literal[])[]

/** Clauses that must all hold; by their text, so that equal ones are one. Rules add up by AND (security A15, A16). */
export type Requirement = ReadonlyMap<string, Clause>

export const NOTHING: Requirement = new Map()

/** Beyond this a rule is a mistake, or meant to exhaust the router (security A24). */
const MAX_ALTERNATIVES = 1000
/** Clauses multiply when one is proved from several. */
const MAX_PRODUCT = 20_000

/** A clause without what is said twice and without alternatives that need more than another one does. */
export function clause(alternatives: Clause): Clause {
  const sorted = alternatives
    .map(literals => [...new Set(literals)].sort())
    .sort((one, other) => one.length - other.length)
  const kept: string[][] = []
  for (const literals of sorted) if (!kept.some(smaller => includesAll(literals, smaller))) kept.push(literals)
  return kept.sort((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1))
}

/** The requirement of one clause alone. */
export function requirement(alternatives: Clause): Requirement {
  if (alternatives.length > MAX_ALTERNATIVES)
    throw new Error(`it has ${alternatives.length} alternatives, and ${MAX_ALTERNATIVES} are taken at most`)
  const one = clause(alternatives)
  return new Map([[JSON.stringify(one), one]])
}

/** All of the requirements at once. */
export function all(requirements: Iterable<Requirement>): Requirement {
  const merged = new Map<string, Clause>()
  for (const each of requirements) for (const [key, value] of each) merged.set(key, value)
  return merged
}

/** The same requirement without clauses that another one implies. */
export function minimal(given: Requirement): Requirement {
  const entries = [...given]
  return new Map(
    entries.filter(([key, value]) => !entries.some(([other, stronger]) => other !== key && entails(stronger, value)))
  )
}

/**
 * Whether whoever meets `given` meets `wanted`, whatever the facts. That is implication, not inclusion (security A14):
 * every way to meet the one has to contain a way to meet the other. Throws when that is too much to find out.
 */
export function implies(given: Requirement, wanted: Requirement): boolean {
  return [...wanted.values()].every(
    goal => [...given.values()].some(each => entails(each, goal)) || entails(product(given, goal), goal)
  )
}

/** Whether the caller has what is required. */
export function isMet(required: Requirement, has: ReadonlySet<Literal>): boolean {
  for (const alternatives of required.values()) if (!holds(alternatives, has)) return false
  return true
}

/** Whether some alternative is there as a whole. */
export function holds(alternatives: Clause, has: ReadonlySet<Literal>): boolean {
  return alternatives.some(literals => literals.every(literal => has.has(literal)))
}

/** A name for the requirements of a graph, the same for the same rules. */
export function fingerprint(requirements: ReadonlyMap<string, Requirement>): string {
  const text = JSON.stringify(
    [...requirements].map(([coordinate, required]) => [coordinate, ...required.keys()]).sort()
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function entails(given: Clause, goal: Clause): boolean {
  return given.every(literals => goal.some(smaller => includesAll(literals, smaller)))
}

/** All ways to meet the clauses that have to do with the goal, those left out that reach it already. */
function product(given: Requirement, goal: Clause): Clause {
  const wanted = new Set(goal.flat())
  let ways: Clause = [[]]
  for (const alternatives of given.values()) {
    if (!alternatives.some(literals => literals.some(literal => wanted.has(literal)))) continue
    const open = ways.filter(way => !goal.some(smaller => includesAll(way, smaller)))
    if (open.length * alternatives.length > MAX_PRODUCT)
      throw new Error('its rules combine in too many ways to be compared')
    ways = clause(open.flatMap(way => alternatives.map(literals => [...way, ...literals])))
  }
  return ways
}

function includesAll(literals: readonly Literal[], wanted: readonly Literal[]): boolean {
  return wanted.every(literal => literals.includes(literal))
}
