import type { RequestListener } from 'node:http'
import type { SubgraphRequest } from '../../platform/executor/executor.ts'
import { type HttpExecutorOptions, httpExecutor } from '../../platform/executor/http.ts'
import { answering } from '../contracts/executor/answering.ts'
import { holding } from '../contracts/executor/holding.ts'
import { operationOf } from '../contracts/executor/subgraph.ts'
import { accessOf } from './support.ts'

const query: SubgraphRequest = { operation: operationOf('{ hello }'), variables: {}, access: accessOf() }
const late = { name: 'Fault', code: 'TIMEOUT', details: { subgraph: 'probe' } }

async function askOne(listener: RequestListener, over: Partial<HttpExecutorOptions> = {}): Promise<unknown> {
  await using server = await answering(listener)
  await using executor = httpExecutor({ url: server.url, secret: null, subgraph: 'probe', timeoutMs: 100, ...over })
  return await executor.execute(query).catch((error: unknown) => error)
}

describe('an answer that takes too long', () => {
  test.each<[string, RequestListener]>([
    ['does not begin', () => {}],
    ['does not go on', (_, response) => void response.writeHead(200).write('{"data"')],
    [
      'comes byte by byte',
      (_, response) => {
        response.writeHead(200).write('{"data":"')
        const drip = setInterval(() => response.write('x'), 10)
        response.on('close', () => clearInterval(drip))
      }
    ]
  ])('is given up on when it %s', async (_, listener) => {
    expect(await askOne(listener)).toMatchObject(late)
  })

  test('is given up on in the middle of its retries', async () => {
    const listener: RequestListener = (_, response) => void response.destroy()
    expect(await askOne(listener, { retries: 10_000 })).toMatchObject(late)
  })

  test('is given up on alone: one that was asked later has its own time', async () => {
    await using subgraph = await holding()
    await using executor = httpExecutor({ url: subgraph.url, secret: null, subgraph: 'probe', timeoutMs: 600 })
    const first = executor.execute(query)
    await new Promise(resolve => setTimeout(resolve, 300))
    const second = executor.execute(query)
    await expect(first).rejects.toMatchObject(late)
    subgraph.release()
    expect((await second).data).toEqual({ hello: { name: 'hi' } })
  })

  test('ends the request: the subgraph need not go on', async () => {
    await using subgraph = await holding()
    await using executor = httpExecutor({ url: subgraph.url, secret: null, subgraph: 'probe', timeoutMs: 100 })
    await expect(executor.execute(query)).rejects.toMatchObject(late)
    await subgraph.drop(1)
  })

  test('is what a query meets that finds no connection free, and it is never sent', async () => {
    await using subgraph = await holding()
    await using executor = httpExecutor({
      url: subgraph.url,
      secret: null,
      subgraph: 'probe',
      timeoutMs: 200,
      connections: 1
    })
    const first = executor.execute(query).catch((error: unknown) => error)
    const stop = new AbortController()
    const second = executor.execute({ ...query, signal: stop.signal }).catch((error: unknown) => error)
    await subgraph.arrived(1)
    stop.abort()
    expect(await second).toMatchObject(late)
    expect(await first).toMatchObject(late)
    subgraph.release()
    // The connection is free again, and whoever went away before has left no trace on it.
    expect((await executor.execute(query)).data).toEqual({ hello: { name: 'hi' } })
    expect(subgraph.asked).toHaveLength(2)
  })
})

test('many fetches of one request share one listener on its signal', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error) => void warnings.push(warning)
  process.on('warning', warned)
  await using subgraph = await holding()
  await using executor = httpExecutor({ url: subgraph.url, secret: null, subgraph: 'probe' })
  const { signal } = new AbortController()
  const all = Promise.all(Array.from({ length: 30 }, () => executor.execute({ ...query, signal })))
  await subgraph.arrived(30)
  subgraph.release()
  await all
  await new Promise(resolve => setImmediate(resolve))
  process.off('warning', warned)
  expect(warnings).toEqual([])
})

test('what happened is told for metrics: how long, and how it ended', async () => {
  const told: string[] = []
  const watch = { asked: (seconds: number, code: string) => void told.push(`${seconds >= 0} ${code}`) }
  await using subgraph = await holding()
  await using executor = httpExecutor({ url: subgraph.url, secret: null, subgraph: 'probe', timeoutMs: 300, watch })
  const stop = new AbortController()
  const cancelled = executor.execute({ ...query, signal: stop.signal }).catch(() => null)
  await subgraph.arrived(1)
  stop.abort()
  await cancelled
  await executor.execute(query).catch(() => null)
  subgraph.release()
  await executor.execute(query)
  expect(told).toEqual(['true CANCELLED', 'true TIMEOUT', 'true none'])
})
