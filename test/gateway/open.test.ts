import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { composeServices } from '@theguild/federation-composition'
import { graphql, parse } from 'graphql'
import { readConfig } from '../../gateway/config.ts'
import { startGateway } from '../../gateway/gateway.ts'
import { createLogger } from '../../platform/logger.ts'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'

/** A subgraph that knows nothing of us: plain GraphQL over HTTP. */
async function startForeign(sdl: string, resolvers: GraphQLResolverMap) {
  const typeDefs = parse(LINK + sdl)
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  const headers: string[][] = []
  const server = createServer(async (request, response) => {
    headers.push(Object.keys(request.headers))
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { query, variables, extensions } = JSON.parse(Buffer.concat(chunks).toString())
    const result = await graphql({ schema, source: query, variableValues: variables })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(extensions ? { errors: [{ message: 'unexpected extensions' }] } : result))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    typeDefs,
    headers,
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    }
  }
}

test('routes any Federation 2 supergraph by its URLs, without identity or contracts', async () => {
  await using people = await startForeign(
    'type Query { me: Person } type Person @key(fields: "id") { id: ID! name: String }',
    {
      Query: { me: () => ({ id: '1', name: 'Ada' }) },
      Person: { __resolveReference: (r: { id: string }) => ({ id: r.id, name: 'Ada' }) }
    }
  )
  await using reviews = await startForeign('type Person @key(fields: "id") { id: ID! reviews: [String!]! }', {
    Person: { reviews: ({ id }: { id: string }) => [`by ${id}`] }
  })
  const { supergraphSdl } = composeServices([
    { name: 'people', typeDefs: people.typeDefs, url: people.url },
    { name: 'reviews', typeDefs: reviews.typeDefs, url: reviews.url }
  ])
  const dataDir = await mkdtemp(join(tmpdir(), 'oaas-open-'))
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir })
  try {
    await using gateway = await startGateway({
      config,
      logger: createLogger('silent'),
      supergraphSdl: supergraphSdl ?? '',
      rooms: [],
      open: true,
      consoleDir: null
    })
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { alias: name reviews } }' })
    })
    expect(await response.json()).toEqual({ data: { me: { alias: 'Ada', reviews: ['by 1'] } } })
    expect(people.headers.concat(reviews.headers).flat()).not.toContain('oaas-signature')
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})
