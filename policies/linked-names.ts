import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql'

/** One `@link` of a schema document: what it names, and under which names it stands here. */
interface Link {
  /** URL without the version: `https://specs.apollo.dev/join`. */
  readonly identity: string
  readonly prefix: string
  /** Name in the spec (directives with `@`) → name in this document (without `@`). */
  readonly imports: ReadonlyMap<string, string>
}

/** Which directives of a document are whose. A directive is known by its spec, never by its name (security A9). */
export interface LinkedNames {
  /** The local name of a spec's directive; null when the spec is not linked. */
  directive(identity: string, name: string): string | null
  /** True for a name that a linked spec other than `identity` brought in. */
  isForeign(name: string, identity: string): boolean
}

/** Reads the `@link`s of a supergraph document. */
export function linkedNames(document: DocumentNode): LinkedNames {
  const links = document.definitions
    .flatMap(node =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : []
    )
    .filter(node => node.name.value === 'link')
    .flatMap(readLink)
  return {
    directive(identity, name) {
      const link = links.find(l => l.identity === identity)
      if (!link) return null
      const spec = identity.slice(identity.lastIndexOf('/') + 1)
      return link.imports.get(`@${name}`) ?? (name === spec ? link.prefix : `${link.prefix}__${name}`)
    },
    isForeign: (name, identity) =>
      links.some(
        link =>
          link.identity !== identity &&
          (name === link.prefix || name.startsWith(`${link.prefix}__`) || [...link.imports.values()].includes(name))
      )
  }
}

function readLink(node: ConstDirectiveNode): Link[] {
  const url = stringArgument(node, 'url')
  const match = /^(.*\/([^/]+))\/v\d+(\.\d+)*$/.exec(url ?? '')
  if (!match?.[1] || !match[2]) return []
  const imports = node.arguments?.find(a => a.name.value === 'import')?.value
  const entries = imports?.kind === Kind.LIST ? imports.values.flatMap(readImport) : []
  return [{ identity: match[1], prefix: stringArgument(node, 'as') ?? match[2], imports: new Map(entries) }]
}

function readImport(value: ConstValueNode): [string, string][] {
  if (value.kind === Kind.STRING) return [[value.value, value.value.replace(/^@/, '')]]
  if (value.kind !== Kind.OBJECT) return []
  const text = (key: string) => {
    const field = value.fields.find(f => f.name.value === key)?.value
    return field?.kind === Kind.STRING ? field.value : null
  }
  const name = text('name')
  return name === null ? [] : [[name, (text('as') ?? name).replace(/^@/, '')]]
}

/** A text argument of a directive, or null. */
export function stringArgument(node: ConstDirectiveNode, name: string): string | null {
  const value = node.arguments?.find(a => a.name.value === name)?.value
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : null
}

/** A list-of-text argument of a directive; empty when it is not there. */
export function stringsArgument(node: ConstDirectiveNode, name: string): readonly string[] {
  const value = node.arguments?.find(a => a.name.value === name)?.value
  if (value?.kind === Kind.STRING) return [value.value]
  return value?.kind === Kind.LIST ? value.values.flatMap(v => (v.kind === Kind.STRING ? [v.value] : [])) : []
}

/** True when a directive's boolean argument is true. */
export function trueArgument(node: ConstDirectiveNode, name: string): boolean {
  const value = node.arguments?.find(a => a.name.value === name)?.value
  return value?.kind === Kind.BOOLEAN && value.value
}
