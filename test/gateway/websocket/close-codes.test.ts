import { Client, type ClientOptions, eventually } from './client.ts'
import { startDoor, type TestDoor } from './door.ts'

let door: TestDoor
let impatient: TestDoor
beforeAll(async () => {
  door = await startDoor({ transport: { initTimeoutMs: 60_000 } })
  impatient = await startDoor({ transport: { initTimeoutMs: 200 } })
})
afterAll(async () => {
  await door.close()
  await impatient.close()
})

const SUBSCRIBE = { type: 'subscribe', id: '1', payload: { query: 'subscription { tick { n } }' } }
const INIT = { type: 'connection_init' }
const as = (token: string) => ({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })

interface Case {
  readonly options?: ClientOptions
  /** What the client sends, one after the other without waiting. */
  readonly sends: readonly unknown[]
  readonly reason: RegExp
}

const subscribe = (payload: unknown, id: unknown = '1') => ({ type: 'subscribe', id, payload })

const CASES: Readonly<Record<string, readonly [number, Case]>> = {
  'what is no JSON': [4400, { sends: ['not json'], reason: /^Invalid message/ }],
  'a JSON text that is no object': [4400, { sends: ['"ping"'], reason: /object/ }],
  'a JSON list': [4400, { sends: ['[{"type":"ping"}]'], reason: /object/ }],
  'JSON null': [4400, { sends: ['null'], reason: /object/ }],
  'an empty message': [4400, { sends: [''], reason: /^Invalid message/ }],
  'a message without a type': [4400, { sends: [{}], reason: /type/ }],
  'a message whose type is no text': [4400, { sends: [{ type: 1 }], reason: /type/ }],
  'a message whose type is only inherited': [4400, { sends: ['{"__proto__":{"type":"ping"}}'], reason: /type/ }],
  'an unknown type': [4400, { sends: [INIT, { type: 'start', id: '1' }], reason: /start/ }],
  'a type that every object has': [4400, { sends: [INIT, { type: 'constructor' }], reason: /constructor/ }],
  'a type of the legacy protocol': [4400, { sends: [{ type: 'connection_terminate' }], reason: /terminate/ }],
  'connection_ack from a client': [4400, { sends: [{ type: 'connection_ack' }], reason: /servers/ }],
  'next from a client': [4400, { sends: [INIT, { type: 'next', id: '1', payload: {} }], reason: /servers/ }],
  'error from a client': [
    4400,
    { sends: [INIT, { type: 'error', id: '1', payload: [{ message: 'x' }] }], reason: /servers/ }
  ],
  'a binary message': [4400, { sends: [Buffer.from(JSON.stringify(INIT))], reason: /text/ }],
  'an init whose payload is a list': [4400, { sends: [{ ...INIT, payload: [] }], reason: /payload/ }],
  'an init whose payload is a text': [4400, { sends: [{ ...INIT, payload: 'Bearer x' }], reason: /payload/ }],
  'a ping whose payload is no object': [4400, { sends: [{ type: 'ping', payload: 1 }], reason: /payload/ }],
  'a subscribe without an id': [4400, { sends: [INIT, subscribe({ query: '{ hello }' }, null)], reason: /id/ }],
  'a subscribe with an empty id': [4400, { sends: [INIT, subscribe({ query: '{ hello }' }, '')], reason: /id/ }],
  'a subscribe whose id is a number': [4400, { sends: [INIT, subscribe({ query: '{ hello }' }, 1)], reason: /id/ }],
  'a subscribe whose id is very long': [
    4400,
    { sends: [INIT, subscribe({ query: '{ hello }' }, 'x'.repeat(257))], reason: /longer/ }
  ],
  'a subscribe without a payload': [4400, { sends: [INIT, subscribe(undefined)], reason: /payload/ }],
  'a subscribe without a query': [4400, { sends: [INIT, subscribe({})], reason: /query/ }],
  'a subscribe whose query is a parsed document': [
    4400,
    { sends: [INIT, subscribe({ query: { kind: 'Document' } })], reason: /query/ }
  ],
  'a subscribe whose variables are a list': [
    4400,
    { sends: [INIT, subscribe({ query: '{ hello }', variables: [] })], reason: /variables/ }
  ],
  'a subscribe whose operation name is no text': [
    4400,
    { sends: [INIT, subscribe({ query: '{ hello }', operationName: 1 })], reason: /operationName/ }
  ],
  'a subscribe whose extensions are a text': [
    4400,
    { sends: [INIT, subscribe({ query: '{ hello }', extensions: 'x' })], reason: /extensions/ }
  ],
  'a complete without an id': [4400, { sends: [INIT, { type: 'complete' }], reason: /id/ }],
  'a reason longer than a close frame holds': [4400, { sends: [{ type: 'é'.repeat(500) }], reason: /é$/ }],
  'a subscribe before init': [4401, { sends: [SUBSCRIBE], reason: /Unauthorized/ }],
  'a subscribe before the acknowledgement': [4401, { sends: [INIT, SUBSCRIBE], reason: /Unauthorized/ }],
  'credentials that are not valid': [4401, { sends: [as('nobody')], reason: /not valid/ }],
  'credentials that are no token': [
    4401,
    { sends: [{ ...INIT, payload: { authorization: 'Basic x' } }], reason: /not valid/ }
  ],
  'a caller without a contract': [4403, { sends: [as('stranger')], reason: /No contract/ }],
  'a token that has run out': [4403, { sends: [as('sales:0')], reason: /expired/ }],
  'no subprotocol': [4406, { options: { protocols: [] }, sends: [], reason: /graphql-transport-ws/ }],
  'the legacy subprotocol': [4406, { options: { protocols: ['graphql-ws'] }, sends: [], reason: /not acceptable/ }],
  'the legacy subprotocol, whatever is sent over it': [
    4406,
    { options: { protocols: ['graphql-ws'] }, sends: [INIT, SUBSCRIBE], reason: /not acceptable/ }
  ],
  'an unknown subprotocol': [4406, { options: { protocols: ['chat', 'x'] }, sends: [], reason: /not acceptable/ }],
  'silence instead of init': [4408, { sends: [], reason: /timeout/ }],
  'pings instead of init': [4408, { sends: [{ type: 'ping' }], reason: /timeout/ }],
  'a second init': [4429, { sends: [INIT, INIT], reason: /Too many initialisation/ }],
  'what can pass, such as an identity provider out of reach': [
    1013,
    { sends: [as('unlucky')], reason: /^\{"message":".*","retryAfterMs":\d+\}$/ }
  ],
  'a mistake of ours': [4500, { sends: [as('bug')], reason: /^Internal error err_/ }]
}

test.each(Object.entries(CASES))('%s', async (_, [code, { options, sends, reason }]) => {
  await using client = await Client.open((code === 4408 ? impatient : door).url, options)
  for (const message of sends) {
    if (Buffer.isBuffer(message)) client.socket.send(message)
    else client.send(message)
  }
  const closed = await client.closed
  expect(closed).toEqual({ code, reason: expect.stringMatching(reason) })
  expect(Buffer.byteLength(closed.reason)).toBeLessThanOrEqual(123)
})

const ACKNOWLEDGED: Readonly<Record<string, readonly [number, string, readonly unknown[]]>> = {
  'an id in use': [4409, 'Subscriber for 1 already exists', [SUBSCRIBE, SUBSCRIBE]],
  'the id of a query that runs': [
    4409,
    'Subscriber for 1 already exists',
    [subscribe({ query: '{ held }' }), subscribe({ query: '{ hello }' })]
  ],
  'the id of a subscription, by a query': [
    4409,
    'Subscriber for 1 already exists',
    [SUBSCRIBE, subscribe({ query: '{ hello }' })]
  ],
  'an init after the acknowledgement': [4429, 'Too many initialisation requests', [INIT]]
}

test.each(Object.entries(ACKNOWLEDGED))('after the acknowledgement: %s', async (_, [code, reason, sends]) => {
  await using client = await Client.acknowledged(door.url)
  for (const message of sends) client.send(message)
  expect(await client.closed).toEqual({ code, reason })
  door.release()
})

test('the subprotocol is found among others, wherever it stands', async () => {
  for (const protocols of [
    ['graphql-ws', 'graphql-transport-ws'],
    ['graphql-transport-ws', 'graphql-ws']
  ]) {
    await using client = await Client.acknowledged(door.url, null, { protocols })
    expect(client.socket.protocol).toBe('graphql-transport-ws')
  }
})

test('a closed socket runs nothing that was sent before it knew', async () => {
  await using client = await Client.acknowledged(door.url)
  const before = door.asked.length
  client.send('not json')
  client.subscribe('1', '{ hello }')
  expect((await client.closed).code).toBe(4400)
  expect(door.asked).toHaveLength(before)
  expect(client.of('1')).toEqual([])
})

test('a mistake of ours is in the log, and not in the reason', async () => {
  await using client = await Client.open(door.url)
  client.send(as('bug'))
  const { reason } = await client.closed
  const id = reason.split(' ').at(-1) ?? '?'
  expect(reason).not.toContain('CANARY')
  expect(door.lines.find(line => line.includes(id))).toContain('CANARY-internal')
})

test('each close by the router is counted by its code', async () => {
  await using client = await Client.open(door.url)
  const before = await door.metric('socketCloses')
  client.send('not json')
  await client.closed
  expect(await door.metric('socketCloses')).toBe(before + 1)
  await eventually(async () => (await door.metric('sockets')) === 0, 'sockets stay open')
})

test('a page of another origin is refused before it is a socket', async () => {
  const client = new Client(door.url, { headers: { origin: 'https://evil.example' } })
  const [, response] = await new Promise<[unknown, { statusCode?: number }]>(resolve => {
    client.socket.on('unexpected-response', (request, response) => resolve([request, response]))
  })
  expect(response.statusCode).toBe(403)
  client.socket.terminate()
})
