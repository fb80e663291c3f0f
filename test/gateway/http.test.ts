import { SignJWT } from 'jose'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway[Symbol.asyncDispose]())

const VIEWER = '{ viewer { id } }'

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }
  }
}

async function bearer(consumer = 'sales') {
  return { authorization: `Bearer ${await gateway.token(consumer)}` }
}

describe('GraphQL over HTTP', () => {
  test('answers a query of a known consumer', async () => {
    const { status, body, headers } = await post(JSON.stringify({ query: VIEWER }), await bearer())
    expect(body).toEqual({ data: { viewer: { id: 'sales' } } })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('private, no-store')
  })

  test.each([
    ['malformed JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['a body that is no object', '"text"', 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{ viewer { id } }"}]', 400, 'BAD_REQUEST'],
    ['a missing query', '{}', 400, 'BAD_REQUEST'],
    ['variables that are no object', '{"query":"{ viewer { id } }","variables":[1]}', 400, 'BAD_REQUEST']
  ])('refuses %s', async (_, body, status, code) => {
    const answer = await post(body, await bearer())
    expect([answer.status, answer.body.errors?.[0]?.extensions.code]).toEqual([status, code])
  })

  test.each([
    ['application/graphql-response+json', 400],
    ['application/json', 200]
  ])('answers an unknown field under %s with %i', async (accept, status) => {
    const answer = await post(JSON.stringify({ query: '{ viewer { secretField } }' }), { ...(await bearer()), accept })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(`${accept}; charset=utf-8`)
    expect(answer.body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(answer.body).not.toHaveProperty('data')
  })

  test('refuses other content types, sizes and media types', async () => {
    const headers = await bearer()
    expect((await post('query=x', { ...headers, 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(JSON.stringify({ query: VIEWER }), { ...headers, accept: 'text/html' })).status).toBe(406)
    expect((await post(`{"query":"${'x'.repeat(1_100_000)}"}`, headers)).status).toBe(413)
  })

  test('takes queries by GET from programs, and mutations by POST alone', async () => {
    const get = async (query: string, headers: Record<string, string>) =>
      (await fetch(`${gateway.url}?query=${encodeURIComponent(query)}`, { headers })).status
    expect(await get(VIEWER, await bearer())).toBe(200)
    expect(await get(VIEWER, {})).toBe(401)
    expect(
      await get(
        'mutation { cancelOrder(input: { idempotencyKey: "k", orderId: "x" }) { userErrors { code } } }',
        await bearer()
      )
    ).toBe(405)
  })

  test('refuses a browser page of another origin', async () => {
    expect(
      (await post(JSON.stringify({ query: VIEWER }), { ...(await bearer()), origin: 'https://evil.example' })).status
    ).toBe(403)
    expect(
      (await post(JSON.stringify({ query: VIEWER }), { ...(await bearer()), origin: new URL(gateway.url).origin }))
        .status
    ).toBe(200)
  })

  test('shows its health and metrics', async () => {
    const at = (path: string) => fetch(new URL(path, gateway.url))
    expect((await at('/livez')).status).toBe(200)
    expect(await (await at('/readyz')).json()).toMatchObject({ ready: true, rooms: { orders: true, health: true } })
    expect(await (await at('/metrics')).text()).toMatch(/oaas_operations_total\{/)
    expect((await at('/nowhere')).status).toBe(404)
  })
})

describe('identity fails closed', () => {
  const refused = async (headers: Record<string, string>) => {
    const { status, headers: answered, body } = await post(JSON.stringify({ query: VIEWER }), headers)
    expect(body).not.toHaveProperty('data')
    return [status, body.errors?.[0]?.extensions.code, answered.get('www-authenticate')]
  }
  const UNAUTHENTICATED = [401, 'UNAUTHENTICATED', 'Bearer']
  const signed = (key: Uint8Array, change: (jwt: SignJWT) => SignJWT = jwt => jwt, alg = 'HS256') =>
    change(
      new SignJWT()
        .setProtectedHeader({ alg })
        .setSubject('operator')
        .setIssuer('oaas-development')
        .setAudience('oaas-gateway')
        .setExpirationTime('1h')
    ).sign(key)

  test('without a token, with another scheme, and with text that is no token', async () => {
    for (const authorization of ['', 'Basic b3BlcmF0b3I6eA==', 'Bearer x', 'Bearer a.b.c']) {
      expect(await refused(authorization ? { authorization } : {})).toEqual(UNAUTHENTICATED)
    }
  })

  test('with a signature of another key or algorithm', async () => {
    const key = new TextEncoder().encode('a key that the router does not know')
    expect(await refused({ authorization: `Bearer ${await signed(key)}` })).toEqual(UNAUTHENTICATED)
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub: 'operator', iss: 'oaas-development', aud: 'oaas-gateway', exp: 9_999_999_999 })).toString('base64url')}.`
    expect(await refused({ authorization: `Bearer ${none}` })).toEqual(UNAUTHENTICATED)
  })

  test('with a changed token, an expired one, and one of another issuer', async () => {
    const good = await gateway.token('sales')
    const [header, , signature] = good.split('.')
    const forged = Buffer.from(
      JSON.stringify({ sub: 'operator', iss: 'oaas-development', aud: 'oaas-gateway', exp: 9_999_999_999 })
    ).toString('base64url')
    expect(await refused({ authorization: `Bearer ${header}.${forged}.${signature}` })).toEqual(UNAUTHENTICATED)
    expect(await refused({ authorization: `Bearer ${await gateway.token('sales', -120)}` })).toEqual(UNAUTHENTICATED)
    const stranger = await signed(new Uint8Array(32), jwt => jwt.setIssuer('someone-else'))
    expect(await refused({ authorization: `Bearer ${stranger}` })).toEqual(UNAUTHENTICATED)
  })

  test('for a subject that no contract names', async () => {
    expect((await refused({ authorization: `Bearer ${await gateway.token('nobody')}` })).slice(0, 2)).toEqual([
      403,
      'FORBIDDEN'
    ])
  })

  test('and never lets a room’s issuer vouch for anyone but a room', async () => {
    const stolen = await gateway.token('routing')
    expect((await post(JSON.stringify({ query: VIEWER }), { authorization: `Bearer ${stolen}` })).status).toBe(403)
  })
})
