import { Registry } from 'prom-client'
import { subgraphMetrics } from '../../../gateway/observe/subgraph-metrics.ts'
import { codes, startWorld } from '../security/world.ts'

test('a subgraph that is left alone is logged once, and once more when it answers again', async () => {
  const registry = new Registry()
  const lines: unknown[] = []
  const watch = subgraphMetrics(registry, { warn: (...given: unknown[]) => void lines.push(given) } as never)('orders')
  const gauge = async () => (await registry.getSingleMetric('oaas_subgraph_breaker')?.get())?.values[0]?.value
  for (const state of ['open', 'half-open', 'open', 'half-open', 'open'] as const) watch.breaker?.(state)
  expect(await gauge()).toBe(2)
  expect(lines).toEqual([[{ subgraph: 'orders' }, 'a subgraph is left alone, since it does not answer']])
  for (const state of ['half-open', 'closed'] as const) watch.breaker?.(state)
  expect(await gauge()).toBe(0)
  expect(lines.slice(1)).toEqual([[{ subgraph: 'orders' }, 'a subgraph answers again']])
  watch.breaker?.('open')
  expect(lines).toHaveLength(3)
})

test('what is not asked of a subgraph that is left alone has no line of its own', async () => {
  const settings = 'subgraphs: { "*": { retries: 0, breaker: { failures: 2, openMs: 600000 } } }'
  await using world = await startWorld({ settings })
  world.says = () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: 'oops' })
  const authorization = `Bearer ${await world.token()}`
  for (let i = 0; i < 10; i++) {
    const { body } = await world.post({ query: '{ hello }' }, { authorization })
    expect(codes(body)).toEqual(['SUBGRAPH_UNAVAILABLE'])
  }
  const times = (message: string) => world.lines.filter(line => JSON.parse(line).msg === message).length
  expect(world.asked.length).toBe(2)
  expect(times('a subgraph did not answer')).toBe(2)
  expect(times('a subgraph is left alone, since it does not answer')).toBe(1)
})
