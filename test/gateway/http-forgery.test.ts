import { request } from 'node:http'
import { type HttpDoor, startHttpDoor } from '../support/http-door.ts'

const PARTNER = 'https://partner.example'
const EVIL = 'https://evil.example'

let door: HttpDoor
beforeAll(async () => {
  door = await startHttpDoor({ door: { corsOrigins: [PARTNER] } })
})
afterAll(() => door[Symbol.asyncDispose]())

/** Sends exactly these headers; `fetch` adds its own and refuses some. */
function send(method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request(new URL(path, door.url), { method, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const GET = '/graphql?query=%7B__typename%7D'
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', 'accept-language': 'en' }

describe('a GET that a page of another site may have caused', () => {
  test.each<[string, Record<string, string>]>([
    ['an image or script of another site', { ...BROWSER, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a link on another site', { ...BROWSER, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['a page of a neighbouring host', { ...BROWSER, 'sec-fetch-site': 'same-site' }],
    ['a browser that does not say where from', BROWSER],
    ['a program with somebody’s cookies', { cookie: 'session=1' }],
    ['a page that says where it is', { referer: `${EVIL}/page` }]
  ])('is refused: %s', async (_, headers) => {
    const { status, body } = await send('GET', GET, headers)
    expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json;x', ''])(
    'is refused with the content type "%s"',
    async type => {
      expect((await send('GET', GET, { 'content-type': type })).status).toBe(415)
    }
  )

  test.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['a program that says who it is', { 'user-agent': 'curl/8.0' }],
    ['a page of the router’s own', { ...BROWSER, 'sec-fetch-site': 'same-origin' }],
    ['somebody who typed the address', { ...BROWSER, 'sec-fetch-site': 'none' }],
    ['a page that is allowed', { ...BROWSER, 'sec-fetch-site': 'cross-site', origin: PARTNER }],
    [
      'a page that asked before it sent a token',
      { ...BROWSER, 'sec-fetch-site': 'same-site', authorization: 'Bearer a' }
    ],
    ['a page that asked before it sent our header', { ...BROWSER, 'graphql-require-preflight': '1' }],
    ['a page that asked before it sent Apollo’s header', { ...BROWSER, 'apollo-require-preflight': 'true' }],
    ['a page that asked before it sent JSON', { ...BROWSER, 'content-type': 'application/json' }]
  ])('is answered when it is certainly not: %s', async (_, headers) => {
    expect((await send('GET', GET, headers)).status).toBe(200)
  })

  test('changes nothing, whoever sent it', async () => {
    const { status, headers } = await send('GET', '/graphql?query=mutation%7B__typename%7D', {
      authorization: 'Bearer a'
    })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(headers).not.toHaveProperty('set-cookie')
  })
})

describe('a POST', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/jsonp',
    'text/plain, application/json'
  ])('is refused as %s, which a page may send unasked or nobody can read', async type => {
    const { status } = await send('POST', '/graphql', { 'content-type': type }, '{"query":"{__typename}"}')
    expect(status).toBe(415)
  })
})

describe('pages of other origins', () => {
  const query = '{"query":"{__typename}"}'
  const json = { 'content-type': 'application/json' }

  test.each([EVIL, 'null', 'not a url'])('are refused from %s, and may not read why', async origin => {
    for (const { status, headers } of [
      await send('POST', '/graphql', { ...json, origin }, query),
      await send('GET', GET, { origin, authorization: 'Bearer a' }),
      await send('OPTIONS', '/graphql', { origin, 'access-control-request-method': 'POST' })
    ]) {
      expect(status).toBe(403)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('are answered when they are listed, errors too', async () => {
    const good = await send('POST', '/graphql', { ...json, origin: PARTNER }, query)
    const bad = await send('POST', '/graphql', { ...json, origin: PARTNER }, '{')
    for (const [answer, status] of [
      [good, 200],
      [bad, 400]
    ] as const) {
      expect(answer.status).toBe(status)
      expect(answer.headers['access-control-allow-origin']).toBe(PARTNER)
      expect(answer.headers['vary']).toMatch('Origin')
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
  })

  test('are told beforehand what they may send', async () => {
    const { status, headers, body } = await send('OPTIONS', '/graphql', {
      origin: PARTNER,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type'
    })
    expect([status, body]).toEqual([204, ''])
    expect(headers).toMatchObject({
      'access-control-allow-origin': PARTNER,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'authorization, content-type',
      vary: 'Origin, Access-Control-Request-Headers'
    })
  })
})

describe('other methods', () => {
  test('OPTIONS of a program says what there is', async () => {
    const { status, headers } = await send('OPTIONS', '/graphql', {})
    expect([status, headers['allow']]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
  })

  test('HEAD is a GET without its body', async () => {
    const get = await send('GET', GET, {})
    const head = await send('HEAD', GET, {})
    expect(head.body).toBe('')
    const { date: _, 'x-request-id': __, ...headers } = head.headers
    expect(get).toMatchObject({ status: head.status, headers })
    expect((await send('HEAD', '/livez', {})).status).toBe(200)
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE'])('%s is refused with what there is', async method => {
    const { status, headers, body } = await send(method, '/graphql', {})
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    expect(JSON.parse(body).errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED')
    expect((await send(method, '/livez', {})).status).toBe(405)
  })
})
