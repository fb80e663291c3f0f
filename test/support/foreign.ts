import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { composeServices } from '@theguild/federation-composition'
import { type DocumentNode, graphql, parse } from 'graphql'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ['
const IMPORTS = '"@key", "@shareable", "@authenticated", "@requiresScopes", "@policy"])\n'

/** A subgraph that knows nothing of us: plain GraphQL over HTTP. */
export interface ForeignSubgraph extends AsyncDisposable {
  readonly name: string
  readonly typeDefs: DocumentNode
  readonly url: string
  /** What it was asked, in order. */
  readonly requests: { readonly headers: IncomingHttpHeaders; readonly query: string }[]
}

/** Starts one on a free port; `before` is awaited before each answer. */
export async function startForeign(
  name: string,
  sdl: string,
  resolvers: GraphQLResolverMap,
  before: () => Promise<void> = async () => {}
): Promise<ForeignSubgraph> {
  const typeDefs = parse(LINK + IMPORTS + sdl)
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  const requests: ForeignSubgraph['requests'] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { query, variables, extensions } = JSON.parse(Buffer.concat(chunks).toString())
    requests.push({ headers: request.headers, query })
    await before()
    const result = await graphql({ schema, source: query, variableValues: variables })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(extensions ? { errors: [{ message: 'unexpected extensions' }] } : result))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    name,
    typeDefs,
    requests,
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    }
  }
}

/** The supergraph of some subgraphs. */
export function supergraphOf(...subgraphs: readonly Pick<ForeignSubgraph, 'name' | 'typeDefs' | 'url'>[]): string {
  const result = composeServices(subgraphs.map(({ name, typeDefs, url }) => ({ name, typeDefs, url })))
  if (result.errors) throw new Error(result.errors.map(error => error.message).join('\n'))
  return result.supergraphSdl
}

/** POSTs a document; `token` as a bearer token. */
export async function post(
  url: string,
  query: string,
  { token, headers = {} }: { token?: string; headers?: Record<string, string> } = {}
): Promise<{
  readonly status: number
  readonly body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] }
}> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers
    },
    body: JSON.stringify({ query })
  })
  return { status: response.status, body: (await response.json()) as never }
}
