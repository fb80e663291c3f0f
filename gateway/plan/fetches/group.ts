import type { ArgumentNode } from 'graphql'
import type { ContextualVariable, EntityRequirement, PlanPath, Requirement } from './plan-node.ts'
import type { FieldIn, TypeIn } from './subgraph-types.ts'

/** What is selected of rows of one type. */
export class Selected {
  readonly fields = new Map<string, SelectedField>()
  /** The name of the type is needed. */
  typename = false
}

export interface SelectedField {
  readonly name: string
  readonly args: readonly ArgumentNode[]
  readonly field: FieldIn
  readonly inner: SelectedRows | null
}

/** What is selected of rows that may have several types. */
export class SelectedRows {
  /** As the subgraph knows it; null for entities. */
  readonly type: TypeIn | null
  readonly byType = new Map<string, Selected>()

  constructor(type: TypeIn | null) {
    this.type = type
  }

  of(typename: string): Selected {
    const found = this.byType.get(typename)
    if (found) return found
    const made = new Selected()
    this.byType.set(typename, made)
    return made
  }
}

/** A fetch in the making. */
export class Group {
  readonly subgraph: string
  readonly kind: 'root' | 'entities'
  /** Of the rows that it completes. */
  path: PlanPath
  readonly rows: SelectedRows
  /** Groups that it needs something of. */
  readonly after = new Set<Group>()
  /** By the type that rows carry: what is told of them. */
  readonly requires = new Map<string, EntityRequirement>()
  /** What is told from around its rows; it asks for nothing then that is made without. */
  readonly contextual: readonly ContextualVariable[]

  constructor(
    subgraph: string,
    kind: Group['kind'],
    path: PlanPath,
    rows: SelectedRows,
    contextual: readonly ContextualVariable[] = []
  ) {
    this.subgraph = subgraph
    this.kind = kind
    this.path = path
    this.rows = rows
    this.contextual = contextual
  }

  /** Equal for groups whose rows are told the same from around them. */
  get surroundings(): string {
    return this.contextual.map(({ name }) => name).join()
  }

  /** Whether this group can run only when the other has. */
  needs(other: Group, seen: Set<Group> = new Set()): boolean {
    if (this === other) return true
    if (seen.has(this)) return false
    seen.add(this)
    for (const before of this.after) if (before.needs(other, seen)) return true
    return false
  }

  /** Tells of rows of a type what is required, too; false, and nothing is told, when one key would stand for two things. */
  tell({ condition, as, facts }: EntityRequirement): boolean {
    const known = this.requires.get(condition)
    if (known && known.as !== as) return false
    const together = joined(known?.facts ?? [], facts)
    if (!together) return false
    this.requires.set(condition, { condition, as, facts: together })
    return true
  }

  mayTell({ condition, as, facts }: EntityRequirement): boolean {
    const known = this.requires.get(condition)
    return known === undefined || (known.as === as && joined(known.facts, facts) !== null)
  }
}

/** Both requirements in one representation; null when they contradict each other. */
export function joined(a: readonly Requirement[], b: readonly Requirement[]): readonly Requirement[] | null {
  const result = [...a]
  for (const each of b) {
    const i = result.findIndex(other =>
      each.kind === 'Field'
        ? other.kind === 'Field' && other.to === each.to
        : other.kind === 'InlineFragment' && other.condition === each.condition
    )
    const other = result[i]
    if (!other) {
      result.push(each)
      continue
    }
    if (each.kind === 'Field' && other.kind === 'Field' && each.from !== other.from) return null
    const inner = each.inner && other.inner ? joined(other.inner, each.inner) : (each.inner ?? other.inner)
    if (each.inner && other.inner && !inner) return null
    result[i] = { ...other, inner } as Requirement
  }
  return result
}
