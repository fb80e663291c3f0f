import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { codes, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ ruled: true, settings: 'transport: { batch: 3 }' })
})
afterAll(() => world[Symbol.asyncDispose]())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })

describe('one document, asked by callers with different rights', () => {
  test('is answered to each as it may be, turn by turn on a warm cache and at once (A58, A63)', async () => {
    const query = '{ order(id: "1") { id margin } }'
    const [fin, logi] = [bearer(await world.token(true)), bearer(await world.token())]
    const seen = [{ order: { id: '1', margin: 7.25 } }, { order: { id: '1', margin: null } }]
    for (let round = 0; round < 3; round++) {
      for (const [i, headers] of [fin, logi].entries())
        expect((await world.post({ query }, headers)).body).toMatchObject({ data: seen[i] })
    }
    const many = await Promise.all(Array.from({ length: 40 }, (_, i) => world.post({ query }, i % 2 ? logi : fin)))
    for (const [i, { body }] of many.entries()) expect(body).toMatchObject({ data: seen[i % 2] })
  })

  test('with other variables brings each its own, on a warm cache and at once (A59)', async () => {
    const query = 'query ($id: ID!) { order(id: $id) { id text } }'
    const headers = bearer(await world.token())
    const ask = (id: string) => world.post({ query, variables: { id } }, headers)
    for (let i = 0; i < 5; i++) await ask(`warm-${i}`)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`o${i}`)))
    expect(answers.map(({ body }) => body)).toEqual(
      answers.map((_, i) => ({ data: { order: { id: `o${i}`, text: `text of o${i}` } } }))
    )
  })
})

describe('an Authorization header that is no ASCII', () => {
  /** As bytes: fetch sends none. */
  async function raw(authorization: Buffer): Promise<string> {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    await once(socket, 'connect')
    const body = '{"query":"{ hello }"}'
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n')
    socket.write(Buffer.concat([Buffer.from('authorization: Bearer '), authorization, Buffer.from('\r\n')]))
    socket.write(`content-length: ${body.length}\r\n\r\n${body}`)
    return Buffer.concat(await socket.toArray()).toString()
  }

  test('is nobody, and nobody else’s answer (A60)', async () => {
    const good = Buffer.from(await world.token())
    for (const odd of ['é1', 'é2', '\x00', '\x80']) {
      const answer = await raw(Buffer.concat([good, Buffer.from(odd, 'latin1')]))
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('BAD_REQUEST')
    }
  })
})

describe('an automatic persisted query', () => {
  const good = '{ hello }'
  const evil = '{ order(id: "1") { margin } }'

  test('is not registered under the hash of another, on any way in (A64)', async () => {
    const headers = bearer(await world.token(true))
    const poison = { query: evil, extensions: persisted(sha256(good)) }
    expect(codes((await world.post(poison, headers)).body)).toEqual(['BAD_REQUEST'])
    expect(codes(((await world.post([poison], headers)).body as unknown[])[0])).toEqual(['BAD_REQUEST'])
    const asGet = { query: evil, extensions: JSON.stringify(poison.extensions) }
    expect(codes((await world.get(asGet, headers)).body)).toEqual(['BAD_REQUEST'])
    const socket = await world.overSocket(poison, headers)
    expect(codes({ errors: socket.payload })).toEqual(['BAD_REQUEST'])
    const asked = await world.post({ extensions: persisted(sha256(good)) }, headers)
    expect(codes(asked.body)).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })

  test('that one caller registered is another’s neither to run nor to see (A64)', async () => {
    const [ada, eve] = [bearer(await world.provider.token()), bearer(await world.provider.token({ sub: 'eve' }))]
    const query = '{ a: hello }'
    const byHash = { extensions: persisted(sha256(query)) }
    expect((await world.post({ query, ...byHash }, ada)).body).toEqual({ data: { a: 'world' } })
    expect((await world.post(byHash, ada)).body).toEqual({ data: { a: 'world' } })
    expect(codes((await world.post(byHash, eve)).body)).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })

  test.each(['', 'x', sha256('x').toUpperCase(), `${sha256('x')}00`, '../../etc/passwd', '__proto__'])(
    'has no other hash than a SHA-256: %j (A64)',
    async hash => {
      const { status, body } = await world.post({ extensions: persisted(hash) }, bearer(await world.token()))
      expect([status, codes(body)]).toEqual([400, ['BAD_REQUEST']])
    }
  )
})

describe('whoever asks first and leaves', () => {
  test('does not take along those who asked the same (A62)', async () => {
    let release = () => {}
    const query = '{ orders { id } }'
    await using slow = await startWorld()
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    slow.wait = () => held
    const headers = bearer(await slow.token())
    const leader = new AbortController()
    const first = fetch(slow.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
      signal: leader.signal
    }).catch(() => 'left')
    while (slow.asked.length === 0) await delay(5)
    const followers = Array.from({ length: 5 }, () => slow.post({ query }, headers))
    await delay(100)
    leader.abort()
    expect(await first).toBe('left')
    release()
    for (const { body } of await Promise.all(followers))
      expect(body).toEqual({ data: { orders: [{ id: '1' }, { id: '2' }] } })
    expect(slow.asked.length).toBe(1)
  })
})

describe('names that every object has', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

  test.each(NAMES)(
    '%s is an alias, a variable’s and an operation’s name like any other, or refused (A72)',
    async name => {
      const headers = bearer(await world.token())
      const bodies = [
        `{"query":"query ${name} { ${name}: order(id: \\"1\\") { ${name}: id } }","operationName":"${name}"}`,
        `{"query":"query ($${name}: ID!) { order(id: $${name}) { id } }","variables":{"${name}":"1"}}`,
        `{"query":"{ hello }","variables":{"${name}":{"isAdmin":true}},"extensions":{"${name}":{"isAdmin":true}}}`,
        `{"${name}":{"isAdmin":true},"query":"{ hello }"}`,
        `{"query":"query ($f: Filter) { orders(filter: $f) { id } }","variables":{"f":{"${name}":{"isAdmin":true}}}}`
      ]
      for (const body of bodies) expect([200, 400]).toContain((await world.post(body, headers)).status)
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
      const { body } = await world.post({ query: '{ order(id: "1") { id } }' }, headers)
      expect(body).toEqual({ data: { order: { id: '1' } } })
    }
  )

  test('in what a subgraph says change nothing (A72)', async () => {
    world.says = () => ({
      body: `{"data":{"order":{"id":"1","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}},"__proto__":{"polluted":true}},
        "errors":[{"message":"x","path":["__proto__","polluted"],"extensions":{"code":"CONFLICT","__proto__":{"polluted":true}}}],
        "extensions":{"__proto__":{"polluted":true}}}`
    })
    const { body } = await world.post({ query: '{ order(id: "1") { id } }' }, bearer(await world.token()))
    world.says = null
    expect(body).toMatchObject({ data: { order: { id: '1' } } })
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(JSON.stringify((body as { data: unknown }).data)).not.toContain('polluted')
  })
})
