import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'undici'
import { createVerifier, type SignedRequest, sign } from '../../platform/executor/signature.ts'
import { createLogger } from '../../platform/logger.ts'
import { type SubgraphServer, startSubgraphServer } from '../../platform/subgraph/server.ts'
import { type ProbeSubgraph, probeSubgraph } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const NOW = Date.parse('2026-03-06T09:30:00.000Z')
const SECRET = 'a shared secret'
const BODY = JSON.stringify({ query: '{ hello }', variables: {}, extensions: { access: accessOf() } })
const REQUEST: SignedRequest = { audience: 'probe', method: 'POST', path: '/graphql', body: BODY }

describe('a subgraph server', () => {
  let subgraph: ProbeSubgraph
  let server: SubgraphServer
  let logged: string[]

  beforeEach(async () => {
    subgraph = probeSubgraph()
    logged = []
    const logger = createLogger('warn', { write: line => void logged.push(line) })
    server = await startSubgraphServer({
      subgraph,
      secret: SECRET,
      host: '127.0.0.1',
      port: 0,
      logger,
      clock: { now: () => NOW }
    })
  })
  afterEach(() => server[Symbol.asyncDispose]())

  const send = async (signature: string | null, { body = BODY, url = server.url, method = 'POST' } = {}) => {
    const headers = { 'content-type': 'application/json', ...(signature !== null && { 'oaas-signature': signature }) }
    const answer = await request(url, { method, headers, ...(method === 'POST' && { body }) })
    return { status: answer.statusCode, text: await answer.body.text() }
  }

  test('executes a request that its router has signed', async () => {
    const { status, text } = await send(sign(SECRET, REQUEST, NOW))
    expect({ status, answer: JSON.parse(text) }).toEqual({
      status: 200,
      answer: { data: { hello: 'hello you' }, extensions: {} }
    })
    expect(subgraph.seen).toHaveLength(1)
  })

  const altered = BODY.replace('"consumer":"acme-bearings"', '"consumer":"operator"')
  test.each<[string, string | null, string]>([
    ['that is not signed', null, BODY],
    ['with an empty signature', '', BODY],
    ['with a malformed signature', 't=1,n=2,v1=3', BODY],
    ['signed with another secret', sign('another secret', REQUEST, NOW), BODY],
    ['signed for another subgraph', sign(SECRET, { ...REQUEST, audience: 'orders' }, NOW), BODY],
    ['signed for another path', sign(SECRET, { ...REQUEST, path: '/other' }, NOW), BODY],
    ['signed for another method', sign(SECRET, { ...REQUEST, method: 'GET' }, NOW), BODY],
    ['whose access was altered', sign(SECRET, REQUEST, NOW), altered],
    ['whose signature is more than a minute old', sign(SECRET, REQUEST, NOW - 60_001), BODY],
    ['whose signature is more than a minute ahead', sign(SECRET, REQUEST, NOW + 60_001), BODY],
    ['whose time was altered', sign(SECRET, REQUEST, NOW - 90_000).replace(/t=\d+/, `t=${NOW}`), BODY],
    ['whose nonce was altered', sign(SECRET, REQUEST, NOW).replace(/n=./, 'n=x'), BODY]
  ])('refuses a request %s with 401, and does not execute it', async (_, signature, body) => {
    const { status, text } = await send(signature, { body })
    expect(status).toBe(401)
    expect(JSON.parse(text).errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' })
    expect(subgraph.seen).toEqual([])
    expect(logged.join()).toContain('refused a request')
  })

  test('refuses a request that it has had before with 401, and does not execute it again', async () => {
    const signature = sign(SECRET, REQUEST, NOW)
    expect([(await send(signature)).status, (await send(signature)).status, (await send(signature)).status]).toEqual([
      200, 401, 401
    ])
    expect(subgraph.seen).toHaveLength(1)
  })

  test.each<[string, string]>([
    ['no JSON', '{ hello }'],
    ['a list', `[${BODY}]`],
    ['no access', '{"query":"{ hello }"}'],
    ['an access without a company', '{"query":"{ hello }","extensions":{"access":{"read":{}}}}']
  ])('refuses a signed body that is %s with 400', async (_, body) => {
    const { status } = await send(sign(SECRET, { ...REQUEST, body }, NOW), { body })
    expect(status).toBe(400)
    expect(subgraph.seen).toEqual([])
  })

  test('answers liveness unsigned, and nothing else', async () => {
    const base = server.url.replace('/graphql', '')
    expect(await send(null, { url: `${base}/livez`, method: 'GET' })).toEqual({ status: 200, text: 'ok' })
    expect((await send(null, { url: `${base}/metrics`, method: 'GET' })).status).toBe(404)
    expect((await send(null, { url: `${server.url}?query={hello}`, method: 'GET' })).status).toBe(404)
    expect((await send(null, { method: 'GET' })).status).toBe(405)
  })

  test('stops reading a body that is too large', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: ${17 * 1024 * 1024}\r\n\r\n`)
    const chunk = Buffer.alloc(1024 * 1024)
    for (let i = 0; i < 17; i++) socket.write(chunk)
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('413')
    socket.destroy()
    expect((await send(sign(SECRET, REQUEST, NOW))).status).toBe(200)
  })
})

describe('a verifier', () => {
  test('remembers a nonce for as long as its signature can live', () => {
    const verifier = createVerifier(SECRET)
    const early = sign(SECRET, REQUEST, NOW + 60_000)
    expect(verifier.refuse(early, REQUEST, NOW)).toBeNull()
    for (let at = NOW; at <= NOW + 120_000; at += 1_000) {
      expect(verifier.refuse(sign(SECRET, REQUEST, at), REQUEST, at)).toBeNull()
      expect(verifier.refuse(early, REQUEST, at)).toBe('signature used before')
    }
    expect(verifier.refuse(early, REQUEST, NOW + 120_001)).toBe('signature out of time')
  })

  test('takes the same request again under a new signature', () => {
    const verifier = createVerifier(SECRET)
    expect(verifier.refuse(sign(SECRET, REQUEST, NOW), REQUEST, NOW)).toBeNull()
    expect(verifier.refuse(sign(SECRET, REQUEST, NOW), REQUEST, NOW)).toBeNull()
  })

  test('does not spend the nonce of a signature that does not hold', () => {
    const verifier = createVerifier(SECRET)
    const signature = sign(SECRET, REQUEST, NOW)
    expect(verifier.refuse(signature, { ...REQUEST, body: 'other' }, NOW)).toBe('wrong signature')
    expect(verifier.refuse(signature, REQUEST, NOW)).toBeNull()
  })
})
