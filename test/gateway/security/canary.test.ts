import { once } from 'node:events'
import { connect } from 'node:net'
import { Client } from '../websocket/client.ts'
import { type Said, startWorld, type World } from './world.ts'

/** What nobody may find in a log, in whatever it was sent. */
const CANARY = 'CANARY-pii-7731'

let world: World
beforeAll(async () => {
  world = await startWorld({
    ruled: true,
    settings: 'transport: { batch: 5 }\nsubgraphs: { "*": { retries: 0, forwardHeaders: [x-tenant] } }'
  })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Requests whose every part that is the caller's own holds the canary. */
const REQUESTS: Readonly<Record<string, object | string>> = {
  'a literal and a variable': {
    query: `query Q($id: ID!) { a: order(id: "${CANARY}") { id text } b: order(id: $id) { text margin } }`,
    variables: { id: CANARY }
  },
  'a mutation': { query: `mutation { note(id: "${CANARY}", text: "${CANARY}") { id text } }` },
  'a variable that does not fit': {
    query: 'query ($s: Status) { orders(status: $s) { id } }',
    variables: { s: CANARY }
  },
  'an input that does not fit': {
    query: 'query ($f: Filter) { orders(filter: $f) { id } }',
    variables: { f: { reference: CANARY, minimum: CANARY } }
  },
  'a literal that does not fit': { query: `{ orders(status: ${CANARY.replaceAll('-', '_')}) { id } }` },
  'names that do not exist': { query: `{ ${CANARY.replaceAll('-', '_')} }` },
  'a text that does not parse': { query: `{ order(id: "${CANARY}` },
  'extensions and what does not belong': {
    query: '{ hello }',
    extensions: { email: CANARY, jwt: CANARY },
    note: CANARY
  },
  'a document’s id': { documentId: CANARY },
  'a hash': { extensions: { persistedQuery: { version: 1, sha256Hash: CANARY } } },
  'an operation that is not there': { query: 'query A { hello } query B { hello }', operationName: CANARY },
  'no request at all': { note: CANARY },
  'no JSON': `{"query": "${CANARY}`
}

const HEADERS = {
  cookie: `session=${CANARY}`,
  'x-tenant': CANARY,
  'x-forwarded-for': CANARY,
  'accept-language': CANARY,
  'user-agent': CANARY,
  referer: `https://x.example/${CANARY}`,
  'last-event-id': CANARY,
  'graphql-client-name': CANARY
}

/** What the subgraph says of it. Its own words about an error are for the log; what it was sent and brings is not. */
const SUBGRAPH: Readonly<Record<string, Said | null>> = {
  'the truth': null,
  'an error page': { status: 500, headers: { 'content-type': 'text/html' }, body: `<h1>${CANARY}</h1>` },
  'half an answer': { body: `{"data":{"hello":"${CANARY}"` },
  'values of other types': {
    headers: { 'set-cookie': CANARY },
    body: JSON.stringify({
      data: { order: { id: { a: CANARY }, text: [CANARY], margin: CANARY }, hello: { a: CANARY } }
    })
  },
  'an error with details': {
    body: JSON.stringify({
      data: null,
      errors: [
        {
          message: 'ER_DUP',
          extensions: { code: 'ER_DUP', email: CANARY, name: CANARY, token: CANARY, shipTo: CANARY }
        }
      ]
    })
  }
}

async function everyDoor(request: object | string, headers: Readonly<Record<string, string>>): Promise<void> {
  await world.post(request, headers)
  await world.post(request, { ...headers, accept: 'text/event-stream' })
  if (typeof request === 'string') return
  await world.post([request, request], headers)
  const parameters = Object.entries(request).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value)
  ])
  await world.get(Object.fromEntries(parameters), headers)
  const { authorization = '' } = headers
  await world.overSocket(request, { ...HEADERS, authorization, password: CANARY, email: CANARY })
}

test.each(Object.entries(SUBGRAPH))(
  'no line has anything of requests through any door, over a subgraph that says %s',
  async (_, said) => {
    world.says = () => said
    world.lines.length = 0
    for (const token of [await world.token(true), await world.token(), CANARY, `a.${CANARY}.b`]) {
      for (const request of Object.values(REQUESTS))
        await everyDoor(request, { ...HEADERS, authorization: `Bearer ${token}` })
    }
    world.says = null
    expect(world.lines.length).toBeGreaterThan(100)
    expect(world.lines.filter(line => /CANARY/.test(line))).toEqual([])
    const metrics = await (await fetch(new URL('/metrics', world.url))).text()
    expect(metrics).toContain('oaas_operations_total')
    expect(metrics).not.toContain('CANARY')
  }
)

test('no line has anything of what is no request yet, or no message', async () => {
  world.lines.length = 0
  const heads = [
    `GET /${CANARY} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `${CANARY} / HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: x\r\nx: ${CANARY}\r\nbad header ${CANARY}\r\n\r\n`,
    `GET /${CANARY.repeat(2_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET /graphql?query=${CANARY} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\norigin: https://${CANARY}\r\n\r\n`
  ]
  for (const head of heads) {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(head)
    await Promise.race([once(socket, 'data'), once(socket, 'close')])
    socket.destroy()
  }
  const authorization = `Bearer ${await world.token()}`
  const messages = [
    CANARY,
    { type: CANARY },
    { type: 'ping', payload: { email: CANARY } },
    { type: 'subscribe', id: CANARY.repeat(50), payload: { query: '{ hello }' } },
    { type: 'connection_init', payload: { authorization: CANARY } }
  ]
  for (const message of messages) {
    await using client = await Client.acknowledged(world.url, { authorization })
    client.send(message)
    await Promise.race([client.closed, client.settled()])
  }
  await using socket = await Client.open(world.url)
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${CANARY}`, [CANARY]: CANARY } })
  await socket.closed
  expect(world.lines.length).toBeGreaterThan(0)
  expect(world.lines.filter(line => line.includes('CANARY'))).toEqual([])
})
