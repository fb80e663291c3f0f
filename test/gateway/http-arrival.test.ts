import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

let door: HttpDoor
beforeAll(async () => {
  door = await startHttpDoor({ transport: { bodyBytes: 10_000, headerBytes: 8_192 } })
})
afterAll(() => door[Symbol.asyncDispose]())

const QUERY = '{"query":"{__typename}"}'
const HEAD = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'

interface Raw {
  readonly status: number
  readonly text: string
  readonly code: unknown
}

/** Sends these very bytes and reads until the connection ends. */
async function raw(text: string | readonly string[], at: HttpDoor = door): Promise<Raw> {
  const socket = connect(Number(new URL(at.url).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk
  })
  // What is sent after the answer may meet a closed connection.
  socket.on('error', () => {})
  for (const part of [text].flat()) socket.write(part)
  await once(socket, 'close')
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4)
  const errors = body.startsWith('{') ? JSON.parse(body).errors : undefined
  return { status: Number(answer.slice(9, 12)), text: answer, code: errors?.[0].extensions.code }
}

const close = 'connection: close\r\n'
const post = (headers: string, body = QUERY) =>
  `${HEAD}${close}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

describe('what arrives', () => {
  test('is answered', async () => {
    expect(await raw(post(''))).toMatchObject({ status: 200 })
  })

  test('may come in many pieces, which may part a character', async () => {
    const body = Buffer.from('{"query":"query ($id: ID!) { user(id: $id) { id } }","variables":{"id":"訂單"}}')
    const stream = new ReadableStream({
      async start(controller) {
        for (const byte of body) {
          controller.enqueue(Uint8Array.of(byte))
          await new Promise(setImmediate)
        }
        controller.close()
      }
    })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(door.url, { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit)
    expect(await response.json()).toEqual({ data: { user: null } })
    expect(door.federation.calls.at(-1)?.variables).toEqual({ id: '訂單' })
  })

  test('is answered though it offers another protocol, as Java’s client does at first', async () => {
    const offer = 'upgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n'
    const text = post(offer).replace(close, 'connection: close, upgrade, http2-settings\r\n')
    expect(await raw(text)).toMatchObject({ status: 200 })
  })

  test('is refused when its body is too large, announced or not', async () => {
    const large = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(10_000)}` })
    expect(await raw(post('', large))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
    const chunk = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`
    expect(await raw(`${HEAD}${close}transfer-encoding: chunked\r\n\r\n${chunk}`)).toMatchObject({ status: 413 })
    expect(await raw(`${HEAD}${close}content-length: 99999999999\r\n\r\n{`.concat('x'.repeat(200_000)))).toMatchObject({
      status: 413
    })
  })

  test('is refused so that a client which writes all before it reads sees why', async () => {
    const { status } = await door.post(`{"query":"${'x'.repeat(70_000)}"}`)
    expect(status).toBe(413)
    expect((await door.post(QUERY)).status).toBe(200)
  })

  test.each(['gzip', 'deflate', 'br', 'x'])('is refused compressed with %s, however small it is', async encoding => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    const response = await fetch(door.url, { method: 'POST', headers, body: gzipSync(Buffer.alloc(1_000_000)) })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] })
  })

  test('is refused with two Authorization headers, of which each party might believe another', async () => {
    const two = 'authorization: Bearer a\r\nAuthorization: Bearer b\r\n'
    expect(await raw(post(two))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(await raw(post('Authorization: Bearer a\r\n'))).toMatchObject({ status: 200 })
  })

  test('is refused with an Authorization header that is no ASCII', async () => {
    for (const value of ['Bearer é1', 'Bearer é2', 'Bearer \u0080']) {
      expect(await raw(post(`authorization: ${value}\r\n`))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    }
  })

  test('is refused with too many headers, too long ones, or too long an address', async () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => `x-${i}: 1\r\n`).join('')
    expect(await raw(post(many(90)))).toMatchObject({ status: 200 })
    expect(await raw(post(many(101)))).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' })
    expect(await raw(post(`x: ${'x'.repeat(9_000)}\r\n`))).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' })
    const address = `GET /graphql?query=${'x'.repeat(9_000)} HTTP/1.1\r\nhost: x\r\n\r\n`
    expect(await raw(address)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' })
  })

  test.each([
    ['no HTTP', 'HELLO\r\n\r\n'],
    ['a header without a name', `${HEAD}: x\r\n\r\n`],
    ['two lengths', `${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\n`],
    ['a length beside chunks', `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['no host', `POST /graphql HTTP/1.1\r\n${close}content-length: 0\r\n\r\n`],
    ['an expectation', post('expect: wonders\r\n')],
    ['an address that is none', `GET // HTTP/1.1\r\nhost: x\r\n${close}\r\n`],
    ['a body that is no JSON', post('', '{"query":')],
    ['no body', post('', '')]
  ])('is refused with %s', async (_, text) => {
    const answer = await raw(text)
    expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(answer.text).toMatch(/content-type: application\/json; charset=utf-8\r\n/i)
  })

  test('is refused in JSON wherever there is nothing', async () => {
    const response = await fetch(new URL('/nowhere', door.url))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })
})

describe('what arrives slowly', () => {
  let slow: HttpDoor
  beforeAll(async () => {
    slow = await startHttpDoor({ transport: { headersTimeoutMs: 150, arrivalTimeoutMs: 400 } })
  })
  afterAll(() => slow[Symbol.asyncDispose]())

  test('is given up, headers and bodies, while others are answered', async () => {
    const lines = ['POST /graphql HTTP/1.1\r\nhost: x\r\n', `${HEAD}content-length: 1000\r\n\r\n{`]
    const given = lines.map(line => raw(line, slow))
    expect((await slow.post(QUERY)).status).toBe(200)
    for (const answer of await Promise.all(given))
      expect(answer).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' })
    expect((await slow.post(QUERY)).status).toBe(200)
  })
})
