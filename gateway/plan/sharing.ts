import { compileCollect } from '../execute/fast-collect.ts'
import type { Path, PathStep } from './paths.ts'
import type { EntitiesStep, EntityGroup, Step } from './steps.ts'

/**
 * Which objects may hold the same part of an answer, when one entity completes several of them. What is shared is
 * fetched for, walked and merged once; but where something later reaches it through one of its places alone, it would
 * show in the others what was selected there.
 */
export type Sharing = 'anywhere' | 'within a path' | 'never'

/** Decides what may be shared, once all paths of the plan are known, and marks the later paths that lead through it. */
export function withSharing(step: Step): Step {
  const groups: EntityGroup[] = []
  let isContextual = false
  visitGroups(step, (group, { contextual }) => {
    groups.push(group)
    isContextual ||= contextual !== null
  })
  // What is told from around a row differs from place to place, and so does what it decides.
  const sharing = isContextual ? apart(groups) : sharingOf(groups)
  const shared = new Set(
    groups.flatMap(group =>
      sharing.get(group) === 'never' || !group.bringsObjects ? [] : group.paths.map(path => whole(names(path)))
    )
  )
  const decided = (group: EntityGroup): EntityGroup => {
    const paths = group.paths.map(path => marked(path, shared))
    return { ...group, sharing: sharing.get(group) ?? 'never', paths, collect: paths.map(compileCollect) }
  }
  const decide = (inner: Step): Step => {
    if (inner.kind === 'fetch') return inner
    if (inner.kind === 'entities') return { ...inner, groups: inner.groups.map(decided) }
    return { ...inner, steps: inner.steps.map(decide) }
  }
  return decide(step)
}

/**
 * A plan of thousands of paths is compared with itself, so paths are counted by what they begin with: once by their
 * fields alone, which is where another may pass through, and once by all of their steps, which is where it surely does.
 */
function sharingOf(groups: readonly EntityGroup[]): ReadonlyMap<EntityGroup, Sharing> {
  const [byFields, bySteps] = [new Beginnings(), new Beginnings()]
  const known = groups.map(group => group.paths.map(path => ({ fields: fieldNames(path), steps: names(path) })))
  for (const [i, paths] of known.entries()) {
    for (const { fields, steps } of paths) {
      byFields.add(fields, i)
      bySteps.add(steps, i)
    }
  }
  return new Map(
    groups.map((group, i) => {
      // Values are given to each, whoever has them too.
      if (!group.bringsObjects) return [group, 'anywhere']
      const several = group.paths.length > 1
      const passing = (known[i] ?? []).map(({ fields, steps }) => ({
        maybe: byFields.others(fields, i),
        surely: bySteps.others(steps, i)
      }))
      if (several && passing.every(({ maybe }) => maybe === 0)) return [group, 'anywhere']
      if (!passing.every(({ maybe, surely }) => maybe === surely)) return [group, 'never']
      return [group, several ? 'within a path' : 'anywhere']
    })
  )
}

/** How many paths begin with some names, by group. */
class Beginnings {
  readonly #all = new Map<string, number>()
  readonly #own = new Map<string, number>()

  add(path: readonly string[], group: number): void {
    let beginning = ''
    this.#count(beginning, group)
    for (const name of path) {
      beginning += `/${name}`
      this.#count(beginning, group)
    }
  }

  /** Paths of other groups that begin with this one. */
  others(path: readonly string[], group: number): number {
    const beginning = whole(path)
    return (this.#all.get(beginning) ?? 0) - (this.#own.get(`${group} ${beginning}`) ?? 0)
  }

  #count(beginning: string, group: number): void {
    const own = `${group} ${beginning}`
    this.#all.set(beginning, (this.#all.get(beginning) ?? 0) + 1)
    this.#own.set(own, (this.#own.get(own) ?? 0) + 1)
  }
}

function apart(groups: readonly EntityGroup[]): ReadonlyMap<EntityGroup, Sharing> {
  return new Map(groups.map(group => [group, group.bringsObjects ? 'never' : 'anywhere']))
}

function visitGroups(step: Step, visit: (group: EntityGroup, step: EntitiesStep) => void): void {
  if (step.kind === 'entities') for (const group of step.groups) visit(group, step)
  else if (step.kind !== 'fetch') for (const inner of step.steps) visitGroups(inner, visit)
}

/** What an entity at a shared path brought stands behind the next field. */
function marked(path: Path, shared: ReadonlySet<string>): Path {
  let beginning = ''
  let behind = shared.has(beginning)
  return path.map(step => {
    const marks = behind && step.kind === 'field'
    if (marks) behind = false
    beginning += `/${nameOf(step)}`
    behind ||= shared.has(beginning)
    return marks ? { ...step, shared: true } : step
  })
}

function whole(path: readonly string[]): string {
  return path.map(name => `/${name}`).join('')
}

function fieldNames(path: Path): readonly string[] {
  return path.flatMap(step => (step.kind === 'field' ? [step.key] : []))
}

function names(path: Path): readonly string[] {
  return path.map(nameOf)
}

/** Names a step so that equal steps have equal names; data keys are GraphQL names. */
function nameOf(step: PathStep): string {
  switch (step.kind) {
    case 'field':
      return step.key
    case 'list':
      return '@'
    case 'type':
      return `|${[...step.typenames].sort().join('|')}`
  }
}
