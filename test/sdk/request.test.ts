import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, OaasError, type TypedDocument } from '../../sdk/src/index.ts'

interface Reply {
  readonly status?: number
  readonly type?: string
  readonly body: unknown
}

interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** A real HTTP server that gives the replies in order and keeps what it was asked; a reply of null is never sent. */
async function serve(...replies: readonly (Reply | null)[]) {
  const asked: Asked[] = []
  const queue = [...replies]
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => {
      asked.push({ headers: request.headers, body: JSON.parse(text) })
      const reply = queue.shift()
      if (!reply) return
      response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/graphql-response+json' })
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

const HELLO: TypedDocument<{ hello: string | null }, { name: string }> =
  'query Hello($name: String!) { hello(name: $name) }'
const ok: Reply = { body: { data: { hello: 'hi' } } }

async function refusalOf(call: Promise<unknown>): Promise<OaasError> {
  const error = await call.then(
    () => new Error('answered'),
    (reason: unknown) => reason
  )
  if (error instanceof OaasError) return error
  throw error
}

describe('a request', () => {
  test('sends document, variables, token and language, and gives the data', async () => {
    await using server = await serve(ok)
    await using sdk = createClient({ url: server.url, token: async () => 'fresh', language: 'zh' })
    expect(await sdk.query(HELLO, { name: 'a' })).toEqual({
      data: { hello: 'hi' },
      errors: [],
      position: null,
      stale: false
    })
    expect(server.asked[0]?.body).toEqual({ query: String(HELLO), variables: { name: 'a' } })
    expect(server.asked[0]?.headers).toMatchObject({ authorization: 'Bearer fresh', 'accept-language': 'zh' })
    expect(server.asked[0]?.headers['read-after']).toBeUndefined()
  })

  test('reads after its own last write, unless it is told otherwise', async () => {
    const wrote = (position: number): Reply => ({ body: { data: { hello: null }, extensions: { position } } })
    await using server = await serve(
      wrote(41),
      wrote(40),
      { body: { data: { hello: 'hi' }, extensions: { stale: true } } },
      ok,
      ok
    )
    await using sdk = createClient({ url: server.url, token: 'one' })
    const name = { name: 'a' }
    expect((await sdk.mutate(HELLO, name)).position).toBe(41)
    await sdk.mutate(HELLO, name)
    expect((await sdk.query(HELLO, name)).stale).toBe(true)
    await sdk.query(HELLO, name, { readAfter: 99 })
    await sdk.query(HELLO, name, { readAfter: null })
    expect(server.asked.map(each => each.headers['read-after'])).toEqual([undefined, '41', '41', '99', undefined])
  })

  test('gives partial data beside its errors', async () => {
    const error = { message: 'withdrawn', path: ['hello'], extensions: { code: 'GRANT_WITHDRAWN' } }
    await using server = await serve({ body: { data: { hello: null }, errors: [error] } })
    await using sdk = createClient({ url: server.url, token: 'one' })
    expect(await sdk.query(HELLO, { name: 'a' })).toMatchObject({ data: { hello: null }, errors: [error] })
  })
})

describe('a failed request', () => {
  test('throws the code, the details and the status of a refusal', async () => {
    const errors = [{ message: 'Slow down.', extensions: { code: 'RATE_LIMITED', retryAfter: 3 } }]
    await using server = await serve({ status: 429, body: { errors } })
    await using sdk = createClient({ url: server.url, token: 'one' })
    const error = await refusalOf(sdk.query(HELLO, { name: 'a' }))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', message: 'Slow down.', status: 429, retryable: true })
    expect(error.details).toEqual({ retryAfter: 3 })
    expect(error.errors).toEqual(errors)
  })

  test('names the status when something between answers', async () => {
    await using server = await serve({ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }, { body: '[]' })
    await using sdk = createClient({ url: server.url, token: 'one' })
    expect(await refusalOf(sdk.query(HELLO, { name: 'a' }))).toMatchObject({
      code: 'UNREACHABLE',
      status: 502,
      retryable: true
    })
    expect(await refusalOf(sdk.query(HELLO, { name: 'a' }))).toMatchObject({ code: 'INTERNAL', retryable: false })
  })

  test('is UNREACHABLE when nobody listens, with the reason', async () => {
    const server = await serve()
    await server[Symbol.asyncDispose]()
    await using sdk = createClient({ url: server.url, token: 'one' })
    const error = await refusalOf(sdk.query(HELLO, { name: 'a' }))
    expect(error).toMatchObject({ code: 'UNREACHABLE', status: null, retryable: true })
    expect(error.message).toContain('ECONNREFUSED')
  })

  test('is TIMEOUT when no answer comes in time', async () => {
    await using server = await serve(null)
    await using sdk = createClient({ url: server.url, token: 'one' })
    expect(await refusalOf(sdk.query(HELLO, { name: 'a' }, { timeoutMs: 20 }))).toMatchObject({
      code: 'TIMEOUT',
      retryable: true
    })
  })

  test('throws the reason of the caller who aborts', async () => {
    await using server = await serve(null)
    await using sdk = createClient({ url: server.url, token: 'one' })
    const stop = new AbortController()
    const call = sdk.query(HELLO, { name: 'a' }, { signal: stop.signal })
    stop.abort(new Error('the user left'))
    await expect(call).rejects.toThrow('the user left')
  })
})
