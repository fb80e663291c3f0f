import { isRecord } from '../execute/bare.ts'
import { Failure, fail, WITHHELD } from '../execute/failure.ts'
import type { EntityRequirement, Requirement } from './fetches/plan-node.ts'
import type { Supergraph } from './supergraph.ts'

/** What a subgraph is told about an entity; undefined when it cannot be told, Failure when an earlier fetch failed. */
export type Represented = Readonly<Record<string, unknown>> | Failure | undefined

/** Represents objects of one type. */
export interface Representer {
  /** Where in the data the scalar stands that decides which entity it is; null when it takes more than one. */
  readonly identity: string | null
  /** Whether two objects of one identity are represented alike: a fact of theirs may have failed to come, or differ. */
  alike(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean
  /** Marks on the object what cannot be asked because a fact that it is made of is missing. */
  represent(object: Record<string, unknown>): Represented
}

/** The representer of a type; null when the fetch does not concern the type. */
export type Representers = (typename: string) => Representer | null

type Fact = Extract<Requirement, { readonly kind: 'Field' }>

/** What a group of entities asks for, and of whom. */
export interface Asked {
  readonly subgraph: string
  readonly supergraph: Supergraph
  /** Response keys → the fields that they may stand for. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>
}

/** Compiles `requires`: each type once, when it is first met. */
export function compileRequires(requires: readonly EntityRequirement[], asked: Asked): Representers {
  const known = new Map<string, Representer | null>()
  return typename => {
    const found = known.get(typename)
    if (found !== undefined) return found
    const required = requires.filter(({ condition }) => asked.supergraph.satisfies(typename, condition))
    const facts = factsOf(
      required.flatMap(each => each.facts),
      typename,
      asked.supergraph
    )
    const [first] = required
    const representer = first && facts.length > 0 ? representerOf(first.as, facts, asked) : null
    known.set(typename, representer)
    return representer
  }
}

function representerOf(name: string, required: readonly Fact[], asked: Asked): Representer {
  const { supergraph, subgraph } = asked
  const { single: singleKeys } = supergraph.keys(name, subgraph)
  const facts = required.map(fact => ({ ...fact, dependents: dependentsOf(name, fact.to, asked) }))
  const keys = [...asked.fields.keys()]
  const identity = facts.find(({ inner, to }) => !inner && (singleKeys.has(to) || facts.length === 1))
  const rest = facts.filter(fact => fact !== identity).map(({ from }) => from)
  return {
    identity: identity?.from ?? null,
    alike(a, b) {
      for (const key of rest) if (a[key] !== b[key] || a[key] instanceof Failure) return false
      return true
    },
    represent(object) {
      const representation: Record<string, unknown> = { __typename: name }
      let missing = false
      for (const { from, to, inner, dependents } of facts) {
        const value = inner ? nested(object[from], inner, supergraph) : object[from]
        if (value === undefined || value instanceof Failure) {
          if (dependents === null) return value
          fail(object, dependents, value instanceof Failure ? value.at([]) : WITHHELD)
          missing = true
          continue
        }
        // Without its key an entity cannot be asked for; any other fact may be null.
        if (value === null && singleKeys.has(to)) return undefined
        representation[to] = value
      }
      if (missing && keys.every(key => object[key] instanceof Failure)) return undefined
      return representation
    }
  }
}

/** Which keys of the answer are made of a fact; null when it identifies the entity, and nothing can be asked without it. */
function dependentsOf(
  typename: string,
  fact: string,
  { supergraph, subgraph, fields }: Asked
): readonly string[] | null {
  if (supergraph.keys(typename, subgraph).fields.has(fact)) return null
  const dependents = [...fields].flatMap(([key, names]) =>
    [...names].some(name => supergraph.requires(typename, name, subgraph).has(fact)) ? [key] : []
  )
  return dependents.length > 0 ? dependents : null
}

/** A required fact with its own selection; undefined when a part of it is missing. */
function nested(value: unknown, selections: readonly Requirement[], supergraph: Supergraph): unknown {
  if (value === null || value === undefined || value instanceof Failure) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) {
      const represented = nested(item, selections, supergraph)
      if (represented === undefined || represented instanceof Failure) return represented
      items.push(represented)
    }
    return items
  }
  if (!isRecord(value)) return undefined
  const typename = typeof value['__typename'] === 'string' ? value['__typename'] : null
  const result: Record<string, unknown> = {}
  for (const { from, to, inner } of factsOf(selections, typename, supergraph)) {
    const part = inner ? nested(value[from], inner, supergraph) : value[from]
    if (part === undefined || part instanceof Failure) return part
    result[to] = part
  }
  return result
}

/** What concerns the type; of an unknown type, everything outside of type conditions. */
export function factsOf(
  requirements: readonly Requirement[],
  typename: string | null,
  supergraph: Supergraph
): readonly Fact[] {
  const found = new Map<string, Fact>()
  const add = (fact: Fact) => {
    const before = found.get(fact.to)?.inner
    found.set(fact.to, { ...fact, inner: before && fact.inner ? [...before, ...fact.inner] : fact.inner })
  }
  for (const requirement of requirements) {
    if (requirement.kind === 'Field') add(requirement)
    else if (typename !== null && supergraph.satisfies(typename, requirement.condition))
      for (const fact of factsOf(requirement.inner, typename, supergraph)) add(fact)
  }
  return [...found.values()]
}
