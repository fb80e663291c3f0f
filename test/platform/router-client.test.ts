import type { RequestListener } from 'node:http'
import { json } from 'node:stream/consumers'
import { httpRouterClient } from '../../platform/router-client/http.ts'
import { answering } from '../contracts/executor/answering.ts'

async function ask(listener: RequestListener, timeoutMs?: number): Promise<unknown> {
  await using server = await answering(listener)
  await using client = httpRouterClient({
    url: server.url,
    token: async () => 'the-token',
    ...(timeoutMs && { timeoutMs })
  })
  return await client
    .query('query ($id: ID!) { order(id: $id) { note } }', { id: '1' })
    .catch((error: unknown) => error)
}

describe('the router client over HTTP', () => {
  test('asks with its bearer token and returns the data', async () => {
    const heard: unknown[] = []
    const data = await ask(async (request, response) => {
      heard.push(request.headers.authorization, await json(request))
      response.end('{"data":{"order":{"note":"快点"}}}')
    })
    expect(data).toEqual({ order: { note: '快点' } })
    expect(heard).toEqual([
      'Bearer the-token',
      { query: 'query ($id: ID!) { order(id: $id) { note } }', variables: { id: '1' } }
    ])
  })

  test.each<[string, string, Record<string, unknown>]>([
    [
      'a fault of the router',
      '{"errors":[{"message":"no token","extensions":{"code":"UNAUTHENTICATED"}}]}',
      { code: 'UNAUTHENTICATED', message: 'no token' }
    ],
    [
      'an error beside data',
      '{"data":{"order":null},"errors":[{"message":"late","extensions":{"code":"TIMEOUT","subgraph":"orders"}}]}',
      { code: 'TIMEOUT', details: { subgraph: 'orders' } }
    ],
    ['an unknown code', '{"errors":[{"message":"x","extensions":{"code":"toString"}}]}', { code: 'INTERNAL' }],
    ['an error without a code', '{"errors":[{"message":"x"}]}', { code: 'INTERNAL' }],
    ['no GraphQL', '<h1>502</h1>', { code: 'SUBGRAPH_UNAVAILABLE' }],
    ['null', 'null', { code: 'SUBGRAPH_UNAVAILABLE' }],
    ['no data', '{}', { code: 'SUBGRAPH_UNAVAILABLE' }]
  ])('throws a fault for %s', async (_, body, fault) => {
    expect(await ask((__, response) => response.end(body))).toMatchObject({ name: 'Fault', ...fault })
  })

  test('throws TIMEOUT when the router does not answer', async () => {
    expect(await ask(() => {}, 100)).toMatchObject({ name: 'Fault', code: 'TIMEOUT' })
  })

  test('throws SUBGRAPH_UNAVAILABLE when nobody listens', async () => {
    const server = await answering(() => {})
    await server[Symbol.asyncDispose]()
    await using client = httpRouterClient({ url: server.url, token: () => 't' })
    await expect(client.query('{ a }', {})).rejects.toMatchObject({ name: 'Fault', code: 'SUBGRAPH_UNAVAILABLE' })
  })
})
