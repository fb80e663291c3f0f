import { Histogram, Registry } from 'prom-client'
import { Timings } from '../../../gateway/observe/timings.ts'

const NAME = 'seconds'
const HELP = 'Seconds it took'
const LABELS = ['subgraph', 'kind'] as const

/** Below the first bound, on bounds, between them, and above the last. */
const OBSERVED: Readonly<Record<string, readonly number[]>> = {
  a: [0, 0.001, 0.005, 0.0050001, 0.25, 0.3, 10],
  'b"\\\n': [0.1, 0.1, 11, 1e6],
  none: []
}

/** Lines in an order of their own: which labels come first is prom-client's business. */
const lines = (text: string) => text.split('\n').map(sorted).sort()
const sorted = (line: string) =>
  line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join(',')}}`)

test('timings are shown as prom-client shows a histogram of the same observations', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const timings = new Timings(ours, NAME, HELP, LABELS)
  const histogram = new Histogram({ name: NAME, help: HELP, labelNames: [...LABELS], registers: [theirs] })
  for (const [subgraph, values] of Object.entries(OBSERVED)) {
    const timing = timings.of({ subgraph, kind: 'query' })
    for (const seconds of values) {
      timing.observe(seconds)
      histogram.observe({ subgraph, kind: 'query' }, seconds)
    }
  }
  const shown = await ours.metrics()
  expect(lines(shown)).toEqual(lines(await theirs.metrics()))
  expect(shown).toContain('seconds_count{subgraph="a",kind="query"} 7')
})

test('timings of which nothing was observed are shown by their name alone', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  new Timings(ours, NAME, HELP, LABELS).of({ subgraph: 'a', kind: 'query' })
  new Histogram({ name: NAME, help: HELP, labelNames: [...LABELS], registers: [theirs] })
  expect((await ours.metrics()).trim()).toBe((await theirs.metrics()).trim())
})

test('timings of the same labels are one', async () => {
  const registry = new Registry()
  const timings = new Timings(registry, NAME, HELP, LABELS)
  for (let i = 0; i < 2; i++) timings.of({ subgraph: 'a', kind: 'query' }).observe(1)
  const counts = (await registry.metrics()).split('\n').filter(line => line.startsWith('seconds_count'))
  expect(counts).toEqual(['seconds_count{subgraph="a",kind="query"} 2'])
})
