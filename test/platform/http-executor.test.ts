import type { RequestListener } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { createLogger } from '../../platform/logger.ts'
import { startSubgraphServer } from '../../platform/subgraph/server.ts'
import { answering } from '../contracts/executor/answering.ts'
import { operationOf, probeSubgraph } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const logger = createLogger('silent')
const request = { operation: operationOf('{ hello }'), variables: {}, access: accessOf() }

const HELLO = '{"data":{"hello":"hi"}}'

/** Asks once and closes everything; what was thrown is the answer. */
async function ask(url: string, over: Partial<HttpExecutorOptions> = {}): Promise<unknown> {
  await using executor = httpExecutor({ url, secret: 'a', subgraph: 'probe', ...over })
  try {
    const { texts: _, ...answer } = await executor.execute(request)
    return answer
  } catch (error) {
    return error
  }
}

async function askOne(listener: RequestListener, over: Partial<HttpExecutorOptions> = {}): Promise<unknown> {
  await using server = await answering(listener)
  return await ask(server.url, over)
}

describe('the executor over HTTP', () => {
  const unavailable = { name: 'Fault', code: 'SUBGRAPH_UNAVAILABLE', details: { subgraph: 'probe' } }

  test('says SUBGRAPH_UNAVAILABLE when nobody listens', async () => {
    const server = await answering(() => {})
    await server[Symbol.asyncDispose]()
    expect(await ask(server.url)).toMatchObject(unavailable)
  })

  test('says SUBGRAPH_UNAVAILABLE when the two secrets differ, and hides the 401 from the client', async () => {
    await using server = await startSubgraphServer({
      subgraph: probeSubgraph(),
      secret: 'b',
      host: '127.0.0.1',
      port: 0,
      logger
    })
    expect(await ask(server.url)).toMatchObject({ ...unavailable, message: expect.stringContaining('OAAS_SECRET') })
  })

  test.each<[string, RequestListener]>([
    ['a page of HTML', (_, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>')],
    ['nothing', (_, response) => response.end()],
    ['JSON that is no object', (_, response) => response.end('[]')],
    ['JSON without data or errors', (_, response) => response.end('{"message":"x"}')],
    ['data that is a list', (_, response) => response.end('{"data":[1]}')],
    [
      'half an answer',
      (_, response) =>
        void response.writeHead(200, { 'content-length': '100' }).write('{"data"', () => response.destroy())
    ]
  ])('says SUBGRAPH_UNAVAILABLE for %s', async (_, listener) => {
    expect(await askOne(listener)).toMatchObject(unavailable)
  })

  test('says SUBGRAPH_UNAVAILABLE for an answer beyond the limit', async () => {
    const listener: RequestListener = (_, response) =>
      response.end(JSON.stringify({ data: { hello: 'x'.repeat(10_000) } }))
    expect(await askOne(listener, { maxResponseBytes: 1_000 })).toMatchObject(unavailable)
  })

  test.each<[string, RequestListener]>([
    ['a GraphQL response called HTML', (_, response) => response.setHeader('content-type', 'text/html').end(HELLO)],
    ['one called plain text', (_, response) => response.setHeader('content-type', 'text/plain').end(HELLO)],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['an answer packed in no known way', (_, response) => response.setHeader('content-encoding', 'zstd').end(HELLO)],
    ['one that is not packed as it says', (_, response) => response.setHeader('content-encoding', 'gzip').end(HELLO)]
  ])('says SUBGRAPH_UNAVAILABLE for %s', async (_, listener) => {
    expect(await askOne(listener)).toMatchObject(unavailable)
  })

  test('tells the status and kind of what is no GraphQL response, and nothing of its text', async () => {
    const fault = await askOne((_, response) =>
      response.writeHead(500, { 'content-type': 'text/html; charset=x' }).end('<p>SELECT phone FROM customers</p>')
    )
    expect(fault).toMatchObject({
      message: expect.stringMatching(/status 500 and "text\/html; charset=x" of 34 bytes/)
    })
    expect(inspect(fault)).not.toContain('SELECT')
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync]
  ])('unpacks %s, for which it did not ask', async (encoding, pack) => {
    const listener: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('{"data":{"hello":"wörld 世界"}}'))
    expect(await askOne(listener)).toEqual({ data: { hello: 'wörld 世界' } })
  })

  test('does not unpack beyond the limit', async () => {
    const bomb = gzipSync(JSON.stringify({ data: { hello: 'x'.repeat(1_000_000) } }))
    const listener: RequestListener = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    const fault = await askOne(listener, { maxResponseBytes: 10_000 })
    expect(fault).toMatchObject({ ...unavailable, message: expect.stringContaining('maxResponseBytes') })
  })

  test('puts characters together that arrive in pieces', async () => {
    const bytes = Buffer.from('{"data":{"hello":"世界"}}')
    const listener: RequestListener = async (_, response) => {
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise(resolve => setImmediate(resolve))
      }
      response.end()
    }
    expect(await askOne(listener)).toEqual({ data: { hello: '世界' } })
  })

  test('mends errors that are not as they should be, and hears of positions from our own subgraphs alone', async () => {
    const errors = [null, { message: 7, path: 'x', extensions: [] }, { message: 'no', path: ['a', 0], locations: [] }]
    const listener: RequestListener = (_, response) =>
      response.end(JSON.stringify({ data: null, errors, extensions: { position: 9 } }))
    const unsaid = { message: 'an error without a message' }
    const mended = { data: null, errors: [unsaid, unsaid, { message: 'no', path: ['a', 0] }] }
    expect(await askOne(listener, { secret: null })).toEqual(mended)
    expect(await askOne(listener, { secret: 's' })).toEqual({ ...mended, extensions: { position: 9 } })
  })

  test('finds a subgraph whose name has several addresses, of which one answers', async () => {
    await using server = await answering((_, response) => response.end(HELLO))
    expect(await ask(server.url.replace('127.0.0.1', 'localhost'))).toEqual({ data: { hello: 'hi' } })
  })

  test('takes a GraphQL response with whatever status it comes', async () => {
    const listener: RequestListener = (_, response) => response.writeHead(400).end('{"errors":[{"message":"no"}]}')
    expect(await askOne(listener)).toEqual({ data: null, errors: [{ message: 'no' }] })
  })

  test('asks a subgraph that is not ours without signature and access', async () => {
    let heard = ''
    const listener: RequestListener = async (incoming, response) => {
      heard = `${JSON.stringify(incoming.headers)} ${await textOf(incoming)}`
      response.end('{"data":{"hello":"hi"}}')
    }
    expect(await askOne(listener, { secret: null })).toEqual({ data: { hello: 'hi' } })
    expect(heard).toContain('{ hello }')
    expect(heard).not.toMatch(/oaas-signature|access|acme-bearings/)
  })

  test('hands the trace on in headers, and keeps the path and query of the URL', async () => {
    let heard: unknown
    const listener: RequestListener = (incoming, response) => {
      heard = [incoming.url, incoming.headers.traceparent]
      response.end('{"data":{"hello":"hi"}}')
    }
    await using server = await answering(listener)
    await using executor = httpExecutor({ url: `${server.url}?shard=1`, secret: null, subgraph: 'probe' })
    await executor.execute({ ...request, trace: { traceparent: '00-1-2-01' } })
    expect(heard).toEqual(['/graphql?shard=1', '00-1-2-01'])
  })
})
