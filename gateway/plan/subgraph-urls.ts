import { type DocumentNode, Kind, parse } from 'graphql'

/** Name and URL of every subgraph of a supergraph, from the `join__Graph` enum. */
export function subgraphUrls(
  supergraphSdl: string,
  document: DocumentNode = parse(supergraphSdl, { noLocation: true })
): ReadonlyMap<string, string> {
  const urls = new Map<string, string>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue
    for (const value of definition.values ?? []) {
      const argument = (name: string) => {
        const node = value.directives
          ?.find(d => d.name.value === 'join__graph')
          ?.arguments?.find(a => a.name.value === name)
        return node?.value.kind === Kind.STRING ? node.value.value : undefined
      }
      urls.set(argument('name') ?? value.name.value, argument('url') ?? '')
    }
  }
  return urls
}
