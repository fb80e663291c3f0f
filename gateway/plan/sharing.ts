import { type Path, sharesSafely } from './paths.ts'
import type { EntityGroup, Step } from './steps.ts'

/** Decides which groups may share, once all paths of the plan are known. */
export function withSharing(step: Step): Step {
  const groups: EntityGroup[] = []
  visitGroups(step, group => groups.push(group))
  const decide = (inner: Step): Step => {
    switch (inner.kind) {
      case 'sequence':
      case 'parallel':
        return { ...inner, steps: inner.steps.map(decide) }
      case 'entities':
        return { ...inner, groups: inner.groups.map(group => ({ ...group, shares: shares(group, groups) })) }
      case 'fetch':
        return inner
    }
  }
  return decide(step)
}

function shares(group: EntityGroup, all: readonly EntityGroup[]): boolean {
  const others: readonly Path[] = all.flatMap(other => (other === group ? [] : other.paths))
  return sharesSafely(group.paths, others)
}

function visitGroups(step: Step, visit: (group: EntityGroup) => void): void {
  if (step.kind === 'entities') for (const group of step.groups) visit(group)
  else if (step.kind === 'sequence' || step.kind === 'parallel')
    for (const inner of step.steps) visitGroups(inner, visit)
}
