import type { Path, PathStep } from './paths.ts'
import type { EntityGroup, Step } from './steps.ts'

/**
 * Which objects may hold the same part of an answer, when one entity completes several of them. What is shared is
 * fetched for, walked and merged once; but where something later reaches it through one of its places alone, it would
 * show in the others what was selected there.
 */
export type Sharing = 'anywhere' | 'within a path' | 'never'

/** Decides what may be shared, once all paths of the plan are known, and marks the later paths that lead through it. */
export function withSharing(step: Step): Step {
  const groups: EntityGroup[] = []
  visitGroups(step, group => groups.push(group))
  const sharing = new Map(groups.map(group => [group, sharingOf(group, groups)]))
  const shared = groups.flatMap(group => (sharing.get(group) === 'never' ? [] : group.paths))
  const decided = (group: EntityGroup): EntityGroup => ({
    ...group,
    sharing: sharing.get(group) ?? 'never',
    paths: group.paths.map(path => marked(path, shared))
  })
  const decide = (inner: Step): Step => {
    if (inner.kind === 'fetch') return inner
    if (inner.kind === 'entities') return { ...inner, groups: inner.groups.map(decided) }
    return { ...inner, steps: inner.steps.map(decide) }
  }
  return decide(step)
}

function sharingOf(group: EntityGroup, all: readonly EntityGroup[]): Sharing {
  const others = all.flatMap(other => (other === group ? [] : other.paths))
  const passing = group.paths.map(path => ({ path, by: others.filter(other => mayPassThrough(other, path)) }))
  if (group.paths.length > 1 && passing.every(({ by }) => by.length === 0)) return 'anywhere'
  if (!passing.every(({ path, by }) => by.every(other => startsWith(other, path)))) return 'never'
  return group.paths.length > 1 ? 'within a path' : 'anywhere'
}

function visitGroups(step: Step, visit: (group: EntityGroup) => void): void {
  if (step.kind === 'entities') for (const group of step.groups) visit(group)
  else if (step.kind !== 'fetch') for (const inner of step.steps) visitGroups(inner, visit)
}

/** What an entity at a shared path brought stands behind the next field. */
function marked(path: Path, shared: readonly Path[]): Path {
  const places = new Set(
    shared
      .filter(prefix => prefix.length < path.length && startsWith(path, prefix))
      .map(prefix => nextField(path, prefix.length))
  )
  return path.map((step, i) => (step.kind === 'field' && places.has(i) ? { ...step, shared: true } : step))
}

function nextField(path: Path, from: number): number {
  return path.findIndex((step, i) => i >= from && step.kind === 'field')
}

function mayPassThrough(other: Path, path: Path): boolean {
  const place = (steps: Path) => steps.flatMap(step => (step.kind === 'field' ? [step.key] : []))
  const [outer, inner] = [place(path), place(other)]
  return inner.length >= outer.length && outer.every((key, i) => inner[i] === key)
}

function startsWith(other: Path, path: Path): boolean {
  return path.every((step, i) => isSame(step, other[i]))
}

function isSame(step: PathStep, other: PathStep | undefined): boolean {
  if (step.kind === 'field') return other?.kind === 'field' && other.key === step.key
  if (step.kind === 'list') return other?.kind === 'list'
  if (other?.kind !== 'type' || other.typenames.size !== step.typenames.size) return false
  return [...step.typenames].every(typename => other.typenames.has(typename))
}
