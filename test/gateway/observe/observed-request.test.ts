import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createTracing } from '../../../gateway/observe/tracing.ts'
import type { SubgraphRequest } from '../../../platform/executor/executor.ts'
import { startHttpDoor } from '../../support/http-door.ts'

const SDL = 'type Query { me(secret: String): String fail: Int! }'
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const CANARY = 'CANARY-pii-7731'

async function observed() {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const tracing = createTracing(provider.getTracer('test'), () => provider.shutdown())
  const door = await startHttpDoor({ subgraphs: { me: { sdl: SDL, root: { me: () => CANARY } } }, door: { tracing } })
  const asked: SubgraphRequest[] = []
  door.federation.intercept = (_, request) => void asked.push(request)
  const ask = (body: object, headers: Record<string, string> = {}) =>
    fetch(door.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body)
    })
  return { door, ask, asked, spans: () => exporter.getFinishedSpans(), lines: () => door.lines.map(l => JSON.parse(l)) }
}

test('one id goes from the client through the log to each subgraph and back', async () => {
  const { door, ask, asked, lines } = await observed()
  await using _ = door
  const query = 'query Mine { me }'
  const response = await ask({ query }, { 'x-request-id': 'mine-1' })
  expect(response.headers.get('x-request-id')).toBe('mine-1')
  expect(asked[0]?.trace?.['x-request-id']).toBe('mine-1')
  expect(lines()).toContainEqual(
    expect.objectContaining({
      msg: 'answered',
      requestId: 'mine-1',
      operation: 'Mine',
      code: 'none',
      transport: 'http'
    })
  )
})

test('an id that is none is replaced', async () => {
  const { door, ask, asked } = await observed()
  await using _ = door
  for (const given of ['a b', 'x'.repeat(65), '{"a":1}']) {
    const response = await ask({ query: '{ me }' }, { 'x-request-id': given })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
  expect(new Set(asked.map(({ trace }) => trace?.['x-request-id'])).size).toBe(3)
})

test('the operation’s span takes up the client’s trace and goes on to the subgraph', async () => {
  const { door, ask, asked, spans } = await observed()
  await using _ = door
  await ask({ query: 'query Mine { me }' }, { traceparent: PARENT })
  const [span] = spans()
  expect(span?.name).toBe('query Mine')
  expect(span?.spanContext().traceId).toBe(PARENT.slice(3, 35))
  expect(asked[0]?.trace?.['traceparent']).toContain(span?.spanContext().spanId)
})

test('what is refused has a span and a line with its code', async () => {
  const { door, ask, spans, lines } = await observed()
  await using _ = door
  await ask({ query: '{ nothing }' })
  expect(spans()[0]?.attributes['error.type']).toBe('GRAPHQL_VALIDATION_FAILED')
  expect(lines()).toContainEqual(expect.objectContaining({ msg: 'answered', code: 'GRAPHQL_VALIDATION_FAILED' }))
})

test('no variable, literal or value is in a line or a span', async () => {
  const { door, ask, spans } = await observed()
  await using _ = door
  const body = { query: `query Q($s: String) { me(secret: $s) b: me(secret: "${CANARY}") }`, variables: { s: CANARY } }
  const response = await ask(body, { authorization: `Bearer ${CANARY}` })
  expect(await response.text()).toContain(CANARY)
  expect(door.lines.length).toBeGreaterThan(0)
  expect(
    door.lines.filter(line => line.includes('secret') || (line.includes(CANARY) && !line.includes('consumer')))
  ).toEqual([])
  const told = spans().map(({ name, attributes, status }) => ({ name, attributes, status }))
  expect(JSON.stringify(told)).not.toMatch(/CANARY|secret/)
})
