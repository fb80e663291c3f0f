import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, type GraphQLSchema, parse, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { PAGE, SUBGRAPHS } from './federation.ts'

/** The subgraphs of the federation that is attacked, in one process, over HTTP and graphql-transport-ws. */

const ME = { id: '1', name: 'Ada' }
const KNOT: object = { id: '1', code: 'one', a: 1, b: 2, c: 3, d: 4, left: () => KNOT, right: () => KNOT }
let openTicks = 0

interface Ticks {
  readonly everyMs: number
  readonly bytes: number
}

async function* ticks(_: unknown, { everyMs, bytes }: Ticks) {
  openTicks++
  try {
    const padding = 'x'.repeat(bytes)
    for (let n = 1; ; n++) {
      yield { ticks: { n, padding } }
      await delay(everyMs)
    }
  } finally {
    openTicks--
  }
}

const rows = <Row>(row: Row, first: number) => Array.from({ length: Math.min(first, PAGE) }, () => row)
const resolvers: Readonly<Record<string, object>> = {
  shop: {
    Query: {
      me: () => ME,
      users: (_: unknown, { first }: { first: number }) => rows(ME, first),
      search: () => [ME]
    },
    User: {
      __resolveReference: () => ME,
      reviews: (_: unknown, { first }: { first: number }) => rows({ id: '1', body: 'good' }, first)
    },
    Review: { __resolveReference: () => ({ id: '1', body: 'good' }), author: () => ME }
  },
  knots1: { Query: { knot: () => KNOT, tree: () => null }, Knot: { __resolveReference: () => KNOT } },
  knots2: { Knot: { __resolveReference: () => KNOT } },
  knots3: { Knot: { __resolveReference: () => KNOT } },
  clock: { Query: { openTicks: () => openTicks }, Subscription: { ticks: { subscribe: ticks } } }
}

const schemas = new Map<string, GraphQLSchema>(
  Object.entries(SUBGRAPHS).map(([name, sdl]) => [
    `/${name}`,
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers[name] as never }])
  ])
)

async function answer(path: string, body: string): Promise<unknown> {
  const schema = schemas.get(path)
  if (!schema) return { errors: [{ message: `no subgraph at ${path}` }] }
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }
  const document = parse(query)
  const errors = validate(schema, document)
  return errors.length > 0 ? { errors } : execute({ schema, document, variableValues: variables })
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    answer(request.url ?? '/', Buffer.concat(chunks).toString()).then(
      made => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made)),
      error => response.writeHead(400).end(JSON.stringify({ errors: [{ message: String(error) }] }))
    )
  })
})
const schema = schemas.get('/clock')
if (schema) useServer({ schema }, new WebSocketServer({ server, path: '/clock' }))
server.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
