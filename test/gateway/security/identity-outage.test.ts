import { readConfig } from '../../../gateway/config.ts'
import { startGateway } from '../../../gateway/gateway.ts'
import { createLogger } from '../../../platform/logger.ts'
import { post, startForeign, supergraphOf } from '../../support/foreign.ts'
import { startIdentityProvider } from '../../support/identity-provider.ts'
import { Client } from '../websocket/client.ts'

/** A router whose identity provider has never answered. */
async function startWithoutKeys() {
  const provider = await startIdentityProvider()
  provider.down = true
  const subgraph = await startForeign('one', 'type Query { a: Int }', { Query: { a: () => 1 } })
  const gateway = await startGateway({
    config: readConfig({ PORT: '0', ...provider.env }),
    logger: createLogger('silent'),
    supergraphSdl: supergraphOf(subgraph),
    rooms: [],
    open: false,
    consoleDir: null
  })
  return {
    provider,
    subgraph,
    url: gateway.url,
    async [Symbol.asyncDispose]() {
      for (const each of [gateway, subgraph, provider]) await each[Symbol.asyncDispose]()
    }
  }
}

describe('a token that cannot be checked, for the identity provider is out of reach,', () => {
  test('is refused so that its client keeps it and comes back: 503 with a time to wait', async () => {
    await using world = await startWithoutKeys()
    for (const accept of ['application/graphql-response+json', 'application/json', 'text/event-stream']) {
      const response = await fetch(world.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept,
          authorization: `Bearer ${await world.provider.token()}`
        },
        body: '{"query":"{ a }"}'
      })
      expect([accept, response.status, response.headers.get('retry-after')]).toEqual([accept, 503, '5'])
      expect(response.headers.get('www-authenticate')).toBeNull()
      expect(await response.json()).toEqual({
        errors: [
          {
            message: 'The identity provider cannot be reached just now; try again shortly.',
            extensions: { code: 'IDENTITY_UNAVAILABLE' }
          }
        ]
      })
    }
    expect(world.subgraph.requests).toEqual([])
  })

  test('closes a websocket with 1013, after which clients come back', async () => {
    await using world = await startWithoutKeys()
    await using client = await Client.open(world.url)
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${await world.provider.token()}` } })
    const { code, reason } = await client.closed
    expect(code).toBe(1013)
    expect(JSON.parse(reason)).toMatchObject({ retryAfterMs: expect.any(Number) })
  })

  test('is another than one that is wrong without any key, or none', async () => {
    await using world = await startWithoutKeys()
    const foreign = await world.provider.token({ iss: 'https://other.example' })
    for (const token of [foreign, 'a.b.c', undefined]) {
      const { status, body } = await post(world.url, '{ a }', token === undefined ? {} : { token })
      expect([status, body.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED'])
    }
  })
})
