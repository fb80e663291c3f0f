import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql'
import { stringArgument } from '../../policies/linked-names.ts'

/** Which labels of progressive overrides apply: always, never, or to so many requests in a hundred. */
export type OverrideLabels = Readonly<Record<string, boolean | number>>

/** The labels that apply to a request. */
export interface LabelSet {
  /** Different for different sets of one supergraph. */
  readonly id: number
  readonly labels: ReadonlySet<string>
}

/** The labels of a request that drew a number from 0 up to 1. */
export type LabelsAt = (draw: number) => LabelSet

/**
 * Reads the labels of a supergraph, and how often each applies. One number decides about all of them: whoever has a
 * label has every label that applies more often, too. So there are not many sets, and each is planned for once.
 */
export function readLabels(schema: GraphQLSchema, given: OverrideLabels): LabelsAt {
  const chances = [...labelsOf(schema)]
    .map(label => ({ label, chance: chanceOf(label, given) }))
    .filter(({ chance }) => chance > 0)
  const steps = [...new Set(chances.map(({ chance }) => chance))].sort((a, b) => a - b)
  const setOf = (above: number): ReadonlySet<string> =>
    new Set(chances.filter(({ chance }) => chance > above).map(({ label }) => label))
  const sets = steps.map((step, id) => ({ step, id, labels: setOf(steps[id - 1] ?? 0) }))
  const none: LabelSet = { id: sets.length, labels: new Set() }
  return draw => sets.find(({ step }) => draw < step) ?? none
}

function labelsOf(schema: GraphQLSchema): ReadonlySet<string> {
  const labels = new Set<string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const { astNode } of Object.values(type.getFields())) {
      for (const directive of astNode?.directives ?? []) {
        const label = directive.name.value === 'join__field' ? stringArgument(directive, 'overrideLabel') : null
        if (label !== null) labels.add(label)
      }
    }
  }
  return labels
}

/** A label that says its own share, `percent(25)`, needs no setting; one is stronger. */
function chanceOf(label: string, given: OverrideLabels): number {
  const said = Object.hasOwn(given, label) ? given[label] : undefined
  if (typeof said === 'boolean') return said ? 1 : 0
  return (said ?? Number(/^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1] ?? 0)) / 100
}
