import { createClient, type Client as SocketClient } from 'graphql-ws'
import WebSocket from 'ws'
import { eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

let door: TestDoor
beforeEach(async () => {
  door = await startDoor()
})
afterEach(() => door.close())

const TICK = 'subscription { tick { n } }'

function connect(options: Partial<Parameters<typeof createClient>[0]> = {}): SocketClient {
  return createClient({ url: door.url.replace('http', 'ws'), webSocketImpl: WebSocket, ...options })
}

test('the client of graphql-ws queries, mutates and subscribes', async () => {
  const client = connect({ connectionParams: { authorization: 'Bearer alice' } })
  const results: unknown[] = []
  for (const query of ['{ hello }', 'mutation { add }']) {
    for await (const result of client.iterate({ query })) results.push(result)
  }
  expect(results).toEqual([{ data: { hello: 'world' } }, { data: { add: 1 } }])

  const events = client.iterate({ query: TICK })
  const first = events.next()
  await eventually(() => door.sources.size === 1, 'the subscription does not start')
  door.tick(1)
  expect((await first).value).toEqual({ data: { tick: { n: 1 } } })
  await events.return?.()
  await eventually(() => door.sources.size === 0, 'leaving does not end the source')
  await client.dispose()
})

test('the client of graphql-ws sees what validation refuses as errors, and goes on', async () => {
  const client = connect()
  await expect(client.iterate({ query: '{ nothing }' }).next()).rejects.toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }
  ])
  expect((await client.iterate({ query: '{ hello }' }).next()).value).toEqual({ data: { hello: 'world' } })
  await client.dispose()
})

test('the client of graphql-ws stays away for ever after 4401', async () => {
  let connections = 0
  const client = connect({
    retryAttempts: 5,
    connectionParams: { authorization: 'Bearer nobody' },
    on: { connecting: () => connections++ }
  })
  await expect(client.iterate({ query: '{ hello }' }).next()).rejects.toMatchObject({ code: 4401 })
  expect(connections).toBe(1)
  await client.dispose()
})

test.each([
  ['its token ran out', { authorization: 'Bearer alice:500' }, {}, 4403],
  ['its session lasted too long', {}, { sessionMaxMs: 500 }, 1012]
])('the client of graphql-ws comes back by itself after %s', async (_, connectionParams, transport, code) => {
  await using short = await startDoor({ transport })
  const closes: number[] = []
  const client = connect({
    url: short.url.replace('http', 'ws'),
    retryAttempts: 50,
    retryWait: () => Promise.resolve(),
    connectionParams,
    on: { closed: event => closes.push((event as { code: number }).code) }
  })
  const events = client.iterate({ query: TICK })
  const first = events.next()
  await eventually(() => closes.length > 0 && short.sources.size === 1, 'it does not come back')
  const ticking = setInterval(() => short.tick(7), 10)
  expect((await first).value).toEqual({ data: { tick: { n: 7 } } })
  clearInterval(ticking)
  expect(new Set(closes)).toEqual(new Set([code]))
  await events.return?.()
  await client.dispose()
})

test('pings of the client of graphql-ws are answered', async () => {
  let pongs = 0
  const client = connect({
    lazy: false,
    keepAlive: 5,
    on: { pong: received => void (received && pongs++) }
  })
  await eventually(() => pongs > 3, 'no pongs')
  await client.dispose()
})
