import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { readConfig } from '../../../gateway/config.ts'
import { type Gateway, startGateway } from '../../../gateway/gateway.ts'
import { settingsFromText } from '../../../gateway/read-settings.ts'
import { createLogger } from '../../../platform/logger.ts'
import {
  type Protocol,
  type SubscribingSubgraph,
  startSubscribingSubgraph
} from '../../support/subscribing-subgraph.ts'
import { ORDERS, ordersResolvers, PROTOCOLS, RETURNS, rest, returnsResolvers } from './given.ts'

interface Running extends AsyncDisposable {
  readonly gateway: Gateway
  readonly orders: SubscribingSubgraph
  readonly returns: SubscribingSubgraph
  /** Composes with this SDL for the subgraph of orders, and serves it. */
  reload(orders: string): Promise<void>
}

/** A router over a supergraph file and two subgraphs, open to everyone. */
async function start(protocol: Protocol): Promise<Running> {
  const orders = await startSubscribingSubgraph(protocol, ORDERS, ordersResolvers)
  const returns = await startSubscribingSubgraph(protocol, RETURNS, returnsResolvers)
  const directory = await mkdtemp(join(tmpdir(), 'oaas-subscribe-'))
  const supergraphFile = join(directory, 'supergraph.graphql')
  const compose = (ordersSdl: string) => {
    const link =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'
    const { supergraphSdl } = composeServices([
      { name: 'orders', typeDefs: parse(link + ordersSdl), url: orders.url },
      { name: 'returns', typeDefs: returns.typeDefs, url: returns.url }
    ])
    return supergraphSdl ?? ''
  }
  const supergraphSdl = compose(ORDERS)
  await writeFile(supergraphFile, supergraphSdl)
  const gateway = await startGateway({
    config: readConfig({ PORT: '0', DATA_DIR: directory }),
    logger: createLogger('silent'),
    settings: settingsFromText(`subgraphs: { '*': { subscriptions: { protocol: ${protocol} } } }`, 'router.yaml', '.'),
    supergraphSdl,
    supergraphFile,
    rooms: [],
    open: true,
    consoleDir: null
  })
  return {
    gateway,
    orders,
    returns,
    async reload(ordersSdl) {
      await writeFile(supergraphFile, compose(ordersSdl))
      await gateway.reload()
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await orders[Symbol.asyncDispose]()
      await returns[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    }
  }
}

function overWebSocket({ url }: Gateway, query: string) {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  const events = client.iterate({ query })
  return { events, [Symbol.asyncDispose]: async () => void (await client.dispose()) }
}

/** Events of a stream as a client of GraphQL over SSE reads them. */
async function* overEvents({ url }: Gateway, query: string, signal: AbortSignal) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
    signal
  })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      if (block.includes('event: complete')) return
      const data = block.split('\n').find(line => line.startsWith('data:'))
      if (data) yield { ...JSON.parse(data.slice(5)), hasId: /^id:/m.test(block) }
    }
  }
}

const QUERY = 'subscription { a: added { id returns } }'

describe.each(PROTOCOLS)("through the router, a subgraph's own subscription over %s", protocol => {
  test('reaches a websocket, and ends with its source', async () => {
    await using running = await start(protocol)
    await using client = overWebSocket(running.gateway, QUERY)
    const first = client.events.next()
    await running.orders.feed.until(1)
    running.orders.feed.push({ id: 1 }, { id: 2 })
    running.orders.feed.complete()
    expect((await first).value).toEqual({ data: { a: { id: '1', returns: 1 } } })
    expect(await rest(client.events)).toEqual([{ data: { a: { id: '2', returns: 2 } } }])
  })

  test('ends at its source when the socket is gone', async () => {
    await using running = await start(protocol)
    const client = overWebSocket(running.gateway, QUERY)
    const first = client.events.next()
    await running.orders.feed.until(1)
    running.orders.feed.push({ id: 1 })
    await first
    await client[Symbol.asyncDispose]()
    await running.orders.feed.until(0)
  })

  test('reaches an event stream without a cursor, and ends with its source', async () => {
    await using running = await start(protocol)
    const events = overEvents(running.gateway, QUERY, new AbortController().signal)
    const first = events.next()
    await running.orders.feed.until(1)
    running.orders.feed.push({ id: 1 }, { id: 2 })
    running.orders.feed.complete()
    expect((await first).value).toEqual({ data: { a: { id: '1', returns: 1 } }, hasId: false })
    expect(await rest(events)).toEqual([{ data: { a: { id: '2', returns: 2 } }, hasId: false }])
  })

  test('tells both of them that it broke off', async () => {
    await using running = await start(protocol)
    await using client = overWebSocket(running.gateway, QUERY)
    const socket = client.events.next()
    const events = overEvents(running.gateway, QUERY, new AbortController().signal)
    const stream = events.next()
    await running.orders.feed.until(2)
    running.orders.feed.push({ id: 1 })
    await Promise.all([socket, stream])
    running.orders.cut()
    const broken = [expect.objectContaining({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })]
    await expect(client.events.next()).rejects.toEqual(broken)
    expect((await events.next()).value).toMatchObject({ errors: broken })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('goes on over a supergraph that was reloaded, and says so when it cannot', async () => {
    await using running = await start(protocol)
    await using client = overWebSocket(running.gateway, 'subscription { added { id returns } }')
    const first = client.events.next()
    await running.orders.feed.until(1)
    running.orders.feed.push({ id: 1 })
    await first
    await running.reload(`${ORDERS} extend type Query { more: Int }`)
    running.orders.feed.push({ id: 2 })
    expect((await client.events.next()).value).toEqual({ data: { added: { id: '2', returns: 2 } } })
    expect(running.orders.subscribed).toHaveLength(1)
    await running.reload(ORDERS.replace('added: Order!', 'brought: Order!'))
    running.orders.feed.push({ id: 3 })
    await expect(client.events.next()).rejects.toEqual([
      expect.objectContaining({ extensions: { code: 'GRANT_WITHDRAWN' } })
    ])
    await running.orders.feed.until(0)
  })
})
