import { type ArgumentNode, Kind } from 'graphql'
import type { Group } from './group.ts'
import type { Site } from './places.ts'
import type { ContextualVariable, Requirement } from './plan-node.ts'
import type { FromContext, SubgraphTypes, TypeIn } from './subgraph-types.ts'

/** What is required of rows, and the groups that bring it. */
export interface Required {
  readonly requirements: readonly Requirement[]
  readonly groups: ReadonlySet<Group>
}

/** Tells a group what is required of a site's rows; false when it cannot tell them so. */
export function tell(group: Group, site: Site, type: TypeIn, { requirements: facts }: Required): boolean {
  const told = site.types.map(condition => ({
    condition,
    as: type.name === site.type ? condition : type.name,
    facts
  }))
  return told.every(each => group.mayTell(each)) && told.every(each => group.tell(each))
}

/** The arguments that a field is given besides the client's, and the groups that bring their values. */
export interface Surroundings {
  readonly args: readonly ArgumentNode[]
  readonly variables: readonly ContextualVariable[]
  readonly groups: ReadonlySet<Group>
}

/** The nearest rows around a site's that set the context. */
export function settingSite(site: Site, { setters }: FromContext, types: SubgraphTypes): Site | null {
  let around = site.place.site
  while (around) {
    const { type } = around
    for (const setter of setters) if (types.meets(type, setter)) return around
    around = around.place.site
  }
  return null
}

/** What is told from around the rows, by variables; equal values go by one. */
export class SurroundingsReader {
  readonly #types: SubgraphTypes
  readonly #require: (site: Site, context: FromContext) => Required | null
  readonly #names = new Map<string, string>()

  constructor(types: SubgraphTypes, require: (site: Site, context: FromContext) => Required | null) {
    this.#types = types
    this.#require = require
  }

  /** Null when some of it is not to be had. */
  of(site: Site, contexts: readonly FromContext[]): Surroundings | null {
    const args: ArgumentNode[] = []
    const variables = new Map<string, ContextualVariable>()
    const groups = new Set<Group>()
    for (const context of contexts) {
      const setting = settingSite(site, context, this.#types)
      // A mutation is not run once more, nor a subscription begun, to tell something of it.
      const root = setting?.place.isRoot === true ? setting.type : null
      if (!setting || (root !== null && root !== this.#types.schema.getQueryType()?.name)) return null
      const required = this.#require(setting, context)
      if (!required) return null
      for (const group of required.groups) groups.add(group)
      const name = this.#nameOf(JSON.stringify([context.identity, setting.path]))
      args.push({
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: context.argument },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } }
      })
      variables.set(name, { name, type: context.type, depth: setting.path.length, facts: required.requirements })
    }
    return { args, variables: [...variables.values()], groups }
  }

  #nameOf(what: string): string {
    const known = this.#names.get(what)
    if (known !== undefined) return known
    const name = `${CONTEXTUAL}_${this.#names.size}`
    this.#names.set(what, name)
    return name
  }
}

/** How the names of variables begin that no client's variable may have. */
export const CONTEXTUAL = 'contextualArgument'
