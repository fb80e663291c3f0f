import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startCommand } from '../support/command.ts'
import { post, startForeign, supergraphOf } from '../support/foreign.ts'
import { Client, eventually } from './websocket/client.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oaas-drain-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

/** A router as a process of its own, over a subgraph that answers when it is released. */
async function startSlow(settings = '{}') {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  let reached = () => {}
  const asked = new Promise<void>(resolve => {
    reached = resolve
  })
  const subgraph = await startForeign('slow', 'type Query { slow: String }', { Query: { slow: () => 'done' } }, () => {
    reached()
    return released
  })
  const [supergraph, config] = [join(directory, 'supergraph.graphql'), join(directory, 'router.yaml')]
  await writeFile(supergraph, supergraphOf(subgraph))
  await writeFile(config, settings)
  const command = startCommand(['gateway', '--supergraph', supergraph, '--config', config, '--open', '--port', '0'])
  const url = await command.ready()
  return {
    url,
    command,
    /** The subgraph has been asked. */
    asked,
    release,
    async [Symbol.asyncDispose]() {
      release()
      await command[Symbol.asyncDispose]()
      await subgraph[Symbol.asyncDispose]()
    }
  }
}

/** Waits until the router takes no new connection. */
async function refused(url: string): Promise<void> {
  for (;;) {
    const code = await fetch(url).then(
      () => null,
      (error: Error) => (error.cause as NodeJS.ErrnoException).code
    )
    if (code === 'ECONNREFUSED') return
    await delay(10)
  }
}

/** Everything that comes before the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

describe('a router that is told to end', () => {
  test('takes no new connection, answers what it has begun, and ends with 0', async () => {
    await using router = await startSlow()
    const slow = fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ slow }"}'
    })
    await router.asked
    router.command.kill('SIGTERM')
    await refused(router.url)
    router.release()
    const response = await slow
    expect(response.headers.get('connection')).toBe('close')
    expect(await response.json()).toEqual({ data: { slow: 'done' } })
    expect(await router.command.ended()).toBe(0)
  })

  test('says at once that it is not ready, and keeps no connection', async () => {
    await using router = await startSlow()
    const { hostname, port } = new URL(router.url)
    const socket = connect(Number(port), hostname)
    const answered = readAll(socket)
    // A request that has begun to arrive: its connection is not idle.
    socket.write(`GET /readyz HTTP/1.1\r\nHost: ${hostname}\r\n`)
    expect(await (await fetch(new URL('/readyz', router.url))).json()).toMatchObject({ ready: true })
    router.command.kill('SIGTERM')
    await refused(router.url)
    socket.write('\r\n')
    const answer = await answered
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer).toContain('"ready":false')
    expect(await router.command.ended()).toBe(0)
  })

  test('is not ready for a while in which it serves everything as before, so that load balancers see it in time', async () => {
    await using router = await startSlow('transport: { drainNoticeMs: 2000 }')
    router.release()
    const ready = async () => (await fetch(new URL('/readyz', router.url))).status
    expect(await ready()).toBe(200)
    const told = Date.now()
    router.command.kill('SIGTERM')
    await eventually(async () => (await ready()) === 503, 'it is ready still')
    expect((await fetch(new URL('/livez', router.url))).status).toBe(200)
    const response = await fetch(`${router.url}?query={slow}`, { headers: { 'content-type': 'application/json' } })
    expect([response.headers.get('connection'), await response.json()]).toEqual(['close', { data: { slow: 'done' } }])
    const client = await Client.acknowledged(router.url)
    expect((await client.closed).code).toBe(1012)
    expect(Date.now() - told).toBeGreaterThanOrEqual(1_900)
    await refused(router.url)
    expect(await router.command.ended()).toBe(0)
  })

  test('lets an operation on a websocket end, then closes it so that its client comes back', async () => {
    await using router = await startSlow()
    let closed: (code: number) => void = () => {}
    const code = new Promise<number>(resolve => {
      closed = resolve
    })
    const client = createClient({
      url: router.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => {},
      on: { closed: event => closed((event as CloseEvent).code) }
    })
    const answer = client.iterate({ query: '{ slow }' }).next()
    await router.asked
    router.command.kill('SIGTERM')
    await refused(router.url)
    router.release()
    expect((await answer).value).toEqual({ data: { slow: 'done' } })
    expect(await code).toBe(1012)
    expect(await router.command.ended()).toBe(0)
    await client.dispose()
  })

  test('gives what it has begun no longer than the settings say', async () => {
    await using router = await startSlow('transport: { drainMs: 100 }')
    const slow = post(router.url, '{ slow }')
    const cut = expect(slow).rejects.toThrow('fetch failed')
    await router.asked
    router.command.kill('SIGTERM')
    await cut
    expect(await router.command.ended()).toBe(0)
  })

  test('ends at once when it is told so twice', async () => {
    await using router = await startSlow('transport: { drainMs: 600000 }')
    const slow = post(router.url, '{ slow }')
    const cut = expect(slow).rejects.toThrow('fetch failed')
    await router.asked
    router.command.kill('SIGTERM')
    await refused(router.url)
    router.command.kill('SIGINT')
    expect(await router.command.ended()).toBe(1)
    await cut
  })
})
