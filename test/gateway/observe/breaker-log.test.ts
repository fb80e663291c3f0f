import { Registry } from 'prom-client'
import { subgraphMetrics } from '../../../gateway/observe/subgraph-metrics.ts'

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
