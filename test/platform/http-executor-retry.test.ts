import type { RequestListener, ServerResponse } from 'node:http'
import { jest } from '@jest/globals'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { answering } from '../contracts/executor/answering.ts'
import { operationOf } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const query: SubgraphRequest = { operation: operationOf('{ hello }'), variables: {}, access: accessOf() }
const mutation: SubgraphRequest = { ...query, operation: operationOf('mutation { pay }') }
const HELLO = '{"data":{"hello":"hi"}}'

/** Fails in the given ways, one request after the other, and answers every later one. */
async function failing(...ways: ((response: ServerResponse) => void)[]) {
  const signatures: unknown[] = []
  const listener: RequestListener = (request, response) => {
    const way = ways[signatures.length]
    signatures.push(request.headers['oaas-signature'])
    request.resume().on('end', () => (way ? way(response) : response.end(HELLO)))
  }
  const server = await answering(listener)
  return Object.assign(server, { signatures })
}

const reset = (response: ServerResponse) => void response.destroy()
const halfway = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-length': 100 }).write('{"data"', () => response.destroy())
const halfwayInChunks = (response: ServerResponse) =>
  void response.writeHead(200).write('{"data"', () => response.destroy())
const status = (code: number) => (response: ServerResponse) =>
  void response.writeHead(code, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>')

async function ask(url: string, request: SubgraphRequest, over: Partial<HttpExecutorOptions> = {}): Promise<unknown> {
  await using executor = httpExecutor({ url, secret: null, subgraph: 'probe', retries: 2, ...over })
  try {
    const { texts: _, ...answer } = await executor.execute(request)
    return answer
  } catch (error) {
    return error
  }
}

describe('a query whose connection failed', () => {
  afterEach(() => jest.restoreAllMocks())

  test.each([
    ['was reset before the answer', reset],
    ['was reset in the middle of the answer', halfway],
    ['was reset in the middle of an answer of unknown length', halfwayInChunks],
    ['got 502 from what stands before the subgraph', status(502)],
    ['got 503', status(503)]
  ])('is asked again when it %s', async (_, way) => {
    await using server = await failing(way, way)
    expect(await ask(server.url, query)).toEqual({ data: { hello: 'hi' } })
    expect(server.signatures).toHaveLength(3)
  })

  test('is asked again on a new connection, since other idle ones may be dead, too', async () => {
    const connections = new Set<unknown>()
    let broken = false
    await using server = await answering((request, response) => {
      // All connections that were open before are dead.
      if (broken && connections.has(request.socket)) return void response.destroy()
      connections.add(request.socket)
      setTimeout(() => response.end(HELLO), 20)
    })
    await using executor = httpExecutor({ url: server.url, secret: null, subgraph: 'probe', retries: 1 })
    const lanes = (count: number) => Promise.all(Array.from({ length: count }, () => executor.execute(query)))
    await lanes(10)
    broken = true
    for (const answer of await lanes(5)) expect(answer.data).toEqual({ hello: 'hi' })
  })

  test('is given up after as many retries as are set', async () => {
    await using server = await failing(reset, reset, reset)
    expect(await ask(server.url, query)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(server.signatures).toHaveLength(3)
  })

  test('is asked again when nobody listened', async () => {
    const server = await answering(() => {})
    await server[Symbol.asyncDispose]()
    let retried = 0
    const failed = await ask(server.url, query, { watch: { retried: () => void retried++ } })
    expect(failed).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(retried).toBe(2)
  })

  test('is signed anew each time, since a signature holds once', async () => {
    await using server = await failing(reset)
    await ask(server.url, query, { secret: 's' })
    expect(new Set(server.signatures).size).toBe(2)
  })

  test('is not asked again once its client has gone', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1)
    const stop = new AbortController()
    await using server = await failing(response => {
      response.on('close', () => setTimeout(() => stop.abort(), 5))
      reset(response)
    })
    await using executor = httpExecutor({ url: server.url, secret: null, subgraph: 'probe', retries: 2 })
    await expect(executor.execute({ ...query, signal: stop.signal })).rejects.toMatchObject({ code: 'TIMEOUT' })
    // Longer than the longest wait before the next attempt.
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(server.signatures).toHaveLength(1)
  })

  test.each([
    ['500', status(500)],
    ['504', status(504)],
    ['404', status(404)],
    ['a page of HTML', status(200)],
    ['what is no HTTP', (response: ServerResponse) => void response.socket?.end('SSH-2.0-OpenSSH\r\n')]
  ])('is not asked again after %s', async (_, way) => {
    await using server = await failing(way)
    expect(await ask(server.url, query)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(server.signatures).toHaveLength(1)
  })

  test('is not asked again after an answer beyond the limit', async () => {
    await using server = await failing(
      response => void response.end(JSON.stringify({ data: { x: 'x'.repeat(5_000) } }))
    )
    expect(await ask(server.url, query, { maxResponseBytes: 1_000 })).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(server.signatures).toHaveLength(1)
  })
})

test.each([
  ['reset', reset],
  ['503', status(503)]
])('a mutation is never asked again: %s', async (_, way) => {
  await using server = await failing(way)
  expect(await ask(server.url, mutation)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  expect(server.signatures).toHaveLength(1)
})

test('no query fails because the server closes connections that it has just used', async () => {
  let answered = 0
  await using server = await answering((request, response) => {
    // It says keep-alive, and closes at some moment between this answer and the next question.
    const { socket } = request
    response.on('finish', () => {
      if (++answered % 3 === 0) socket.destroy()
      else if (answered % 3 === 1) setImmediate(() => socket.end())
    })
    response.setHeader('keep-alive', 'timeout=60').end(HELLO)
  })
  await using executor = httpExecutor({ url: server.url, secret: null, subgraph: 'probe', retries: 2 })
  const lane = async () => {
    for (let i = 0; i < 40; i++) expect((await executor.execute(query)).data).toEqual({ hello: 'hi' })
  }
  await Promise.all(Array.from({ length: 5 }, lane))
})
