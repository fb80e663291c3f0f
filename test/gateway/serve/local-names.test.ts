import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import WebSocket from 'ws'
import { readConfig } from '../../../gateway/config.ts'
import { startGateway } from '../../../gateway/gateway.ts'
import { createLogger } from '../../../platform/logger.ts'
import { startForeign, supergraphOf } from '../../support/foreign.ts'
import { type HttpDoor, startHttpDoor } from '../../support/http-door.ts'

/** A page of a foreign name that was given this machine's address is of the router's own origin (DNS rebinding). */
const FOREIGN = [
  'evil.example',
  'evil.example:4000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'a.b',
  '[::2]'
]
const OURS = [
  'localhost',
  'LOCALHOST:4000',
  '127.0.0.1',
  '127.0.0.1:4000',
  '127.8.9.1',
  '[::1]',
  '[::1]:80',
  'foo.localhost'
]
const BODY = JSON.stringify({ query: '{ __typename }' })
const JSON_BODY = { 'content-type': 'application/json' }

interface Sent {
  readonly method: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

async function send(url: string, host: string, { method, path, headers, body }: Sent) {
  const { port, pathname } = new URL(url)
  const sent = request({ host: '127.0.0.1', port, method, path: path ?? pathname, headers: { ...headers, host } })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const text = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode, text }
}

/** The status of an upgrade; 101 = there is a socket. */
function upgrade(url: string, host: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), ['graphql-transport-ws'], { headers: { ...headers, host } })
  return new Promise(resolve => {
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
  })
}

const REQUESTS: Readonly<Record<string, Sent>> = {
  POST: { method: 'POST', headers: JSON_BODY, body: BODY },
  'GET of a query': { method: 'GET', path: '/graphql?query=%7B__typename%7D', headers: JSON_BODY },
  preflight: { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } },
  metrics: { method: 'GET', path: '/metrics' },
  console: { method: 'GET', path: '/' }
}

describe('a router for its own machine alone', () => {
  let door: HttpDoor
  beforeAll(async () => {
    door = await startHttpDoor({ door: { localOnly: true } })
  })
  afterAll(() => door[Symbol.asyncDispose]())

  describe.each(FOREIGN)('called as %s', host => {
    test.each(Object.entries(REQUESTS))('refuses %s', async (_, sent) => {
      const origin = { origin: `http://${host}` }
      const { status, text } = await send(door.url, host, { ...sent, headers: { ...sent.headers, ...origin } })
      expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([403, 'FORBIDDEN'])
    })

    test('refuses a websocket', async () => {
      expect(await upgrade(door.url, host, { origin: `http://${host}` })).toBe(403)
    })
  })

  test.each(OURS)('answers as %s', async host => {
    for (const name of ['POST', 'GET of a query']) {
      const { status, text } = await send(door.url, host, REQUESTS[name] as Sent)
      expect([name, status, JSON.parse(text)]).toEqual([name, 200, { data: { __typename: 'Query' } }])
    }
    expect((await send(door.url, host, REQUESTS['preflight'] as Sent)).status).toBe(204)
    expect(await upgrade(door.url, host)).toBe(101)
  })
})

test('a router for others, too, is called by any name', async () => {
  await using door = await startHttpDoor()
  expect((await send(door.url, 'router.example', REQUESTS['POST'] as Sent)).status).toBe(200)
  expect(await upgrade(door.url, 'router.example')).toBe(101)
})

test.each([
  ['--open on the loopback address', true, {}, 403],
  ['--open on every address', true, { HOST: '0.0.0.0' }, 200]
])('with %s it answers evil.example with its status', async (_, open, env, status) => {
  await using subgraph = await startForeign('one', 'type Query { a: Int }', { Query: { a: () => 1 } })
  await using gateway = await startGateway({
    config: readConfig({ PORT: '0', ...env }),
    logger: createLogger('silent'),
    supergraphSdl: supergraphOf(subgraph),
    rooms: [],
    open,
    consoleDir: null
  })
  expect((await send(gateway.url, 'evil.example', REQUESTS['POST'] as Sent)).status).toBe(status)
})
