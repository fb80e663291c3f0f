import QuickLRU from 'quick-lru'
import type { View } from '../../policies/view.ts'
import { factsOf, type Grants } from './grants.ts'
import { holds, isMet, type Literal } from './requirement.ts'
import type { AccessRules } from './rules.ts'

/** The views that callers have of one base view, by what Federation's own rules let them see. */
export interface AuthorizedViews {
  /** The same object for callers about whom every rule decides alike, as long as it is remembered; its id always is. */
  view(grants: Grants): View
}

/** `filter` answers without what is denied, `reject` refuses the whole request. */
export type Mode = 'filter' | 'reject'

/** How many sets of facts, and how many decisions, are remembered at once. */
const MAX_KNOWN = 1000

/**
 * Narrows a view by access rules. What has to be decided for a caller is decided once for all callers about whom the
 * rules decide alike: a request costs one look into a map.
 */
export function authorizedViews(rules: AccessRules, base: View, { mode }: { readonly mode: Mode }): AuthorizedViews {
  const clauses = [...new Map([...rules.requirements.values()].flatMap(required => [...required])).values()]
  const known = new Set<Literal>(clauses.flat(2))
  const byFacts = new QuickLRU<string, View>({ maxSize: MAX_KNOWN })
  const byDecision = new QuickLRU<string, View>({ maxSize: MAX_KNOWN })

  const decide = (facts: ReadonlySet<Literal>): View => {
    const decision = bits(clauses.map(alternatives => holds(alternatives, facts)))
    const decided = byDecision.get(decision)
    if (decided) return decided
    const denied = [...rules.requirements].flatMap(([place, required]) => (isMet(required, facts) ? [] : [place]))
    const view = narrowed(base, `${base.id}:${rules.id}:${mode}:${decision}`, new Set(denied), mode === 'reject')
    byDecision.set(decision, view)
    return view
  }

  return {
    view(grants) {
      const facts = factsOf(grants, known)
      const key = JSON.stringify(facts)
      const view = byFacts.get(key) ?? decide(new Set(facts))
      byFacts.set(key, view)
      return view
    }
  }
}

/** The base view with what is denied. Its schema stays the base's, which may make it anew. */
function narrowed(base: View, id: string, denied: ReadonlySet<string>, rejects: boolean): View {
  return {
    id,
    party: base.party,
    get schema() {
      return base.schema
    },
    masks: base.masks,
    cells: base.cells,
    denied,
    rejects,
    access: (consumer, mutation) => base.access(consumer, mutation)
  }
}

function bits(values: readonly boolean[]): string {
  let text = ''
  for (let i = 0; i < values.length; i += 4) {
    const nibble = values.slice(i, i + 4).reduce((sum, value, place) => sum + (value ? 1 << place : 0), 0)
    text += nibble.toString(16)
  }
  return text
}
