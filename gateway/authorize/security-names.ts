import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql'
import { linkedNames, stringArgument } from '../../policies/linked-names.ts'
import type { Steps } from '../plan/in-slices.ts'
import { lookThrough } from './look-through.ts'
import { RuleError } from './rule-error.ts'

/** The rules that the router keeps; each is the one directive of the spec of its name. */
const RULES = ['authenticated', 'requiresScopes', 'policy'] as const
type Rule = (typeof RULES)[number]

const SPECS = 'https://specs.apollo.dev/'
/** Before 1.0 every version may mean something else. */
const KEPT_VERSION = '/v0.1'

/**
 * The names under which the rules stand in a supergraph → the rules. A rule is known by its spec, never by its name:
 * imports may rename it, and a foreign spec may have a directive of the same name (security A9). Throws RuleError when
 * the supergraph leaves in doubt whose a name is.
 */
export function* securityNames(document: DocumentNode): Steps<ReadonlyMap<string, Rule>> {
  const links = schemaDirectives(document)
  for (const link of links) {
    const url = stringArgument(link, 'url') ?? stringArgument(link, 'feature') ?? ''
    if (url.startsWith(`${SPECS}link/`) && link.name.value !== 'link')
      throw new RuleError(`the supergraph links under the name @${link.name.value}; call it @link`)
    for (const rule of RULES) {
      if (url.startsWith(`${SPECS}${rule}/`) && url !== `${SPECS}${rule}${KEPT_VERSION}`)
        throw new RuleError(`the supergraph is built on ${url}; this router keeps ${KEPT_VERSION.slice(1)} of it`)
    }
  }
  const names = new Map<string, Rule>()
  for (const rule of RULES) {
    const own = links.filter(link => stringArgument(link, 'url') === `${SPECS}${rule}${KEPT_VERSION}`)
    for (const link of own) {
      const prefix = stringArgument(link, 'as') ?? rule
      const imported = linkedNames(only(link)).directive(`${SPECS}${rule}`, rule)
      for (const name of [imported, prefix, `${prefix}__${rule}`]) {
        if (name !== null && (name === imported || !isImported(name, links, link))) names.set(name, rule)
      }
    }
  }
  yield* refuseUnlinked(document, names, links)
  return names
}

const KEPT_IN_ANY_VERSION = ['inaccessible', 'join', 'link', 'core', 'tag', 'cost'].map(spec => `${SPECS}${spec}/`)

/** What is inaccessible is in no schema that a client sees, nor is an argument that is told from a context. */
const isKeptElsewhere = (url: string) =>
  KEPT_IN_ANY_VERSION.some(spec => url.startsWith(spec)) || url === `${SPECS}context${KEPT_VERSION}`

const WHY_NOT: ReadonlyMap<string, string> = new Map([
  ['SECURITY', 'which this router does not enforce: say it as a contract instead'],
  ['EXECUTION', 'without which it cannot be executed, and which this router does not know: compose it without']
])

/**
 * Throws RuleError when a supergraph is built on a spec that its composition calls a matter of security or of execution,
 * and that this router does not keep: the federation spec forbids to go on without.
 */
export function refuseUnknownFeatures(document: DocumentNode): void {
  for (const link of schemaDirectives(document)) {
    const url = stringArgument(link, 'url') ?? stringArgument(link, 'feature') ?? ''
    const why = WHY_NOT.get(stringArgument(link, 'for') ?? '')
    if (why === undefined || isKeptElsewhere(url)) continue
    if (RULES.some(rule => url === `${SPECS}${rule}${KEPT_VERSION}`)) continue
    throw new RuleError(`the supergraph is built on ${url}, ${why}`)
  }
}

/** `@authenticated` that no link explains: to take it for nothing would be to open what it closes. */
function* refuseUnlinked(
  document: DocumentNode,
  names: ReadonlyMap<string, Rule>,
  links: readonly ConstDirectiveNode[]
): Steps<void> {
  yield* lookThrough(document, {
    Directive({ name: { value: name } }) {
      if (!RULES.some(rule => rule === name) || names.has(name)) return
      if (links.some(link => linksTo(link, name))) return
      throw new RuleError(`the supergraph uses @${name} and has no @link that says whose it is`)
    }
  })
}

function linksTo(link: ConstDirectiveNode, name: string): boolean {
  return linkedNames(only(link)).isForeign(name, '')
}

function isImported(name: string, links: readonly ConstDirectiveNode[], own: ConstDirectiveNode): boolean {
  return links.some(link => link !== own && linksTo(link, name))
}

function schemaDirectives(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap(node =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : []
  )
}

/** A schema with one link. */
function only(link: ConstDirectiveNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [{ kind: Kind.SCHEMA_EXTENSION, directives: [link] }] }
}
