import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { readConfig } from '../../gateway/config.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../gateway/gateway.ts'
import { DEFAULT_SETTINGS } from '../../gateway/settings.ts'
import type { Executor } from '../../platform/executor/executor.ts'
import { createLogger } from '../../platform/logger.ts'
import { startCommand } from '../support/command.ts'
import { type ForeignSubgraph, post, startForeign, supergraphOf } from '../support/foreign.ts'
import { startIdentityProvider } from '../support/identity-provider.ts'
import { startSubscribingSubgraph } from '../support/subscribing-subgraph.ts'

const ITEM = { Query: { item: () => ({ id: '1', name: 'bolt', price: 5 }), held: () => 'at last' } }
const SMALL = 'type Query { item: Item held: String } type Item @key(fields: "id") { id: ID! name: String }'
const LARGE = SMALL.replace('name: String', 'name: String price: Int')

/** Keeps a graph hardly longer than its last request. */
const BRIEF = { ...DEFAULT_SETTINGS, transport: { ...DEFAULT_SETTINGS.transport, arrivalTimeoutMs: 1 } }

let directory: string
let file: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-reload-'))
  file = join(directory, 'supergraph.graphql')
})

afterEach(() => rm(directory, { recursive: true, force: true }))

/** As editors and deployments do it: the new file takes the place of the old one. */
async function replace(text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

interface Running extends AsyncDisposable {
  readonly gateway: Gateway
  readonly log: string[]
  /** Waits until so many changed supergraphs were served, or refused. */
  reloads(outcome: 'served' | 'failed', times: number): Promise<void>
}

async function start(supergraphSdl: string, options: Partial<GatewayOptions> = {}, env = {}): Promise<Running> {
  await writeFile(file, supergraphSdl)
  const log: string[] = []
  const gateway = await startGateway({
    config: readConfig({ PORT: '0', DATA_DIR: directory, ...env }),
    logger: createLogger('info', { write: line => void log.push(line) }),
    supergraphSdl,
    supergraphFile: file,
    rooms: [],
    open: true,
    consoleDir: null,
    ...options
  })
  return {
    gateway,
    log,
    async reloads(outcome, times) {
      const line = `oaas_supergraph_reloads_total{outcome="${outcome}"} ${times}\n`
      while (!(await gateway.metrics.registry.metrics()).includes(line)) await delay(20)
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]()
  }
}

const items = (before?: () => Promise<void>) => startForeign('items', LARGE, ITEM, before)

/** The supergraph in which the same subgraph has this schema. */
async function as(subgraph: ForeignSubgraph, sdl: string, url = subgraph.url): Promise<string> {
  await using other = await startForeign(subgraph.name, sdl, {})
  return supergraphOf({ ...other, url })
}

const PRICE = '{ item { price } }'

describe('a changed supergraph', () => {
  test('is served in place of the one before: what is new can be asked, what is gone cannot', async () => {
    await using subgraph = await items()
    const [small, large] = [await as(subgraph, SMALL), await as(subgraph, LARGE)]
    await using router = await start(small)
    expect((await post(router.gateway.url, PRICE)).body.errors?.[0]?.extensions['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED'
    )
    await replace(large)
    await router.reloads('served', 1)
    expect((await post(router.gateway.url, PRICE)).body).toEqual({ data: { item: { price: 5 } } })
    await writeFile(file, small)
    await router.reloads('served', 2)
    expect((await post(router.gateway.url, PRICE)).status).toBe(400)
  })

  test('fails no request of twenty connections, however often it changes', async () => {
    await using subgraph = await items()
    const [small, large] = [await as(subgraph, SMALL), await as(subgraph, LARGE)]
    await using router = await start(small)
    const { url } = router.gateway
    let changing = true
    const failed: unknown[] = []
    let answered = 0
    const hammer = async () => {
      while (changing) {
        const { status, body } = await post(url, '{ item { id name } }')
        answered++
        if (status !== 200 || JSON.stringify(body) !== '{"data":{"item":{"id":"1","name":"bolt"}}}') failed.push(body)
        await delay(5)
      }
    }
    const hammering = Promise.all(Array.from({ length: 20 }, hammer))
    for (let i = 1; i <= 6; i++) {
      await replace(i % 2 ? large : small)
      await router.reloads('served', i)
    }
    changing = false
    await hammering
    expect(failed).toEqual([])
    expect(answered).toBeGreaterThan(100)
  })

  test('lets a request that has begun end as it began', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let asked = () => {}
    const begun = new Promise<void>(resolve => {
      asked = resolve
    })
    await using subgraph = await items(() => {
      asked()
      return held
    })
    await using router = await start(await as(subgraph, LARGE))
    const slow = post(router.gateway.url, PRICE)
    await begun
    await replace(await as(subgraph, SMALL))
    await router.reloads('served', 1)
    release()
    expect((await slow).body).toEqual({ data: { item: { price: 5 } } })
    expect((await post(router.gateway.url, PRICE)).status).toBe(400)
  })

  test('lets a request that has begun ask subgraphs that are gone since', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await using subgraph = await items(() => held)
    await using stock = await startForeign('stock', 'type Item @key(fields: "id") { id: ID! left: Int }', {
      Item: { left: () => 7 }
    })
    await using router = await start(supergraphOf(subgraph, stock), { settings: BRIEF })
    const slow = post(router.gateway.url, '{ item { name left } }')
    while (subgraph.requests.length === 0) await delay(5)
    await replace(await as(subgraph, SMALL))
    await router.reloads('served', 1)
    // Longer than what is only let in may take to ask.
    await delay(50)
    release()
    expect((await slow).body).toEqual({ data: { item: { name: 'bolt', left: 7 } } })
  })

  test('answers on the graph before what it let in before', async () => {
    await using subgraph = await items()
    await using router = await start(await as(subgraph, LARGE))
    const body = JSON.stringify({ query: PRICE })
    const { hostname, port } = new URL(router.gateway.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setEncoding('utf8').on('data', text => {
      answer += text
    })
    const head = ['POST /graphql HTTP/1.1', `Host: ${hostname}`, 'Content-Type: application/json', 'Connection: close']
    socket.write([...head, `Content-Length: ${body.length}`, '', body.slice(0, 9)].join('\r\n'))
    // Whoever asks later is answered after it has been let in.
    await post(router.gateway.url, PRICE)
    await replace(await as(subgraph, SMALL))
    await router.reloads('served', 1)
    socket.write(body.slice(9))
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK.*\{"data":\{"item":\{"price":5\}\}\}$/s)
  })

  test('keeps the connections to subgraphs that stay, and closes those to subgraphs that go', async () => {
    const made: string[] = []
    const closed: string[] = []
    const wrapExecutor = (name: string, executor: Executor): Executor => {
      made.push(name)
      return {
        execute: request => executor.execute(request),
        async [Symbol.asyncDispose]() {
          closed.push(name)
          await executor[Symbol.asyncDispose]()
        }
      }
    }
    await using subgraph = await items()
    await using extra = await startForeign('extra', 'type Query { extra: Int }', { Query: { extra: () => 1 } })
    const both = supergraphOf({ ...subgraph }, extra)
    await using router = await start(both, { wrapExecutor, settings: BRIEF })
    expect((await post(router.gateway.url, '{ extra }')).body).toEqual({ data: { extra: 1 } })
    await replace(await as(subgraph, SMALL))
    await router.reloads('served', 1)
    while (closed.length === 0) await delay(5)
    expect([made, closed]).toEqual([['extra', 'items'].sort(), ['extra']])
    expect((await post(router.gateway.url, '{ item { name } }')).status).toBe(200)
  })

  test('that cannot be served changes nothing; the log says in a line what is wrong with it', async () => {
    await using subgraph = await items()
    const large = await as(subgraph, LARGE)
    await using router = await start(large)
    const broken = [
      'type Query {',
      'type Query { a: Int }',
      large.replace(subgraph.url, 'ftp://items'),
      large.replace('@link(', '@link(url: "https://example.com/secret/v1.0", for: SECURITY) @link(')
    ]
    for (const [index, text] of broken.entries()) {
      await replace(text)
      await router.reloads('failed', index + 1)
      expect((await post(router.gateway.url, PRICE)).body).toEqual({ data: { item: { price: 5 } } })
    }
    const lines = router.log.filter(line => line.includes('"level":"error"')).map(line => JSON.parse(line).msg)
    expect(lines).toEqual([
      expect.stringMatching(/still is: the supergraph cannot be read, line 1, column 13/),
      expect.stringMatching(/no supergraph/),
      expect.stringMatching(/subgraph items has the URL "ftp:\/\/items"/),
      expect.stringMatching(/secret\/v1\.0/)
    ])
    await replace(await as(subgraph, SMALL))
    await router.reloads('served', 1)
  })

  test('that brings rules is not served by a router without identity', async () => {
    await using subgraph = await items()
    await using router = await start(await as(subgraph, SMALL))
    await replace(await as(subgraph, SMALL.replace('name: String', 'name: String @authenticated')))
    await router.reloads('failed', 1)
    expect((await post(router.gateway.url, '{ item { name } }')).status).toBe(200)
  })

  test('shows each caller what its rules let the caller see', async () => {
    await using provider = await startIdentityProvider()
    await using subgraph = await items()
    const token = await provider.token({ scope: 'read' })
    const ruled = (scope: string) =>
      as(subgraph, LARGE.replace('price: Int', `price: Int @requiresScopes(scopes: [["${scope}"]])`))
    await using router = await start(await ruled('read'), { open: false }, provider.env)
    expect((await post(router.gateway.url, PRICE, { token })).body.data).toEqual({ item: { price: 5 } })
    await replace(await ruled('write'))
    await router.reloads('served', 1)
    const denied = await post(router.gateway.url, '{ item { id price } }', { token })
    expect(denied.body).toMatchObject({
      data: { item: { id: '1', price: null } },
      errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]
    })
  })

  test.each([
    ['keeps a running subscription, whose next event is answered by it', '127.0.0.1'],
    ['keeps a running subscription of a subgraph that has moved', 'localhost']
  ])('%s', async (_, host) => {
    await using ticks = await startSubscribingSubgraph(
      'graphql-ws',
      `type Query { now: Int } type Subscription { tick: Item } type Item @key(fields: "id") { id: ID! }`,
      feed => ({ Subscription: { tick: { subscribe: () => feed.listen(), resolve: (id: string) => ({ id }) } } })
    )
    await using subgraph = await items()
    const named = (sdl: string) =>
      startForeign('items', sdl.replace('{ item: Item held: String }', '{ item: Item }'), {
        ...ITEM,
        Item: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `name ${id}`, price: 5 }) }
      })
    await using before = await named(SMALL)
    await using after = await named(LARGE)
    const source = { name: 'ticks', typeDefs: ticks.typeDefs, url: ticks.url }
    await using router = await start(supergraphOf(source, before), { settings: BRIEF })
    const client = createClient({
      url: router.gateway.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0
    })
    const events = client.iterate({ query: 'subscription { tick { id name } }' })
    const next = async () => (await events.next()).value
    const first = next()
    await ticks.feed.until(1)
    ticks.feed.push('1')
    expect(await first).toEqual({ data: { tick: { id: '1', name: 'name 1' } } })

    await replace(supergraphOf({ ...source, url: source.url.replace('127.0.0.1', host) }, after))
    await router.reloads('served', 1)
    // Longer than the graph before is kept.
    await delay(50)
    ticks.feed.push('2', '3')
    expect(await next()).toEqual({ data: { tick: { id: '2', name: 'name 2' } } })
    expect(await next()).toEqual({ data: { tick: { id: '3', name: 'name 3' } } })
    expect([before.requests.length, after.requests.length]).toEqual([1, 2])
    expect([ticks.subscribed.length, subgraph.requests.length]).toEqual([1, 0])
    await client.dispose()
  })

  test('is read at once on SIGHUP, and a broken one leaves the process as it was', async () => {
    await using subgraph = await items()
    await writeFile(file, await as(subgraph, SMALL))
    await using command = startCommand(['gateway', '--supergraph', file, '--open', '--port', '0'])
    const url = await command.ready()
    expect((await post(url, PRICE)).status).toBe(400)
    await writeFile(file, await as(subgraph, LARGE))
    command.kill('SIGHUP')
    while ((await post(url, PRICE)).status !== 200) await delay(20)
    await writeFile(file, 'type Query {')
    command.kill('SIGHUP')
    while (!command.stderr().includes('cannot be served')) await delay(20)
    expect((await post(url, PRICE)).body).toEqual({ data: { item: { price: 5 } } })
    command.kill('SIGTERM')
    expect(await command.ended()).toBe(0)
  })
})
