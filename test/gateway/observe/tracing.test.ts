import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createTracing, type TraceHeaders } from '../../../gateway/observe/tracing.ts'
import { Fault } from '../../../platform/errors.ts'
import type { Executor, SubgraphRequest } from '../../../platform/executor/executor.ts'

const CLIENT = '0af7651916cd43dd8448eb211c80319c'
const TRACEPARENT = `00-${CLIENT}-b7ad6b7169203331-01`

function tracing() {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  return { exporter, ...createTracing(provider.getTracer('test'), () => provider.shutdown()) }
}

function request(trace: SubgraphRequest['trace']): SubgraphRequest {
  const access = { company: '', consumer: '', party: '', claims: {}, read: {}, write: {}, readAfter: null } as const
  return {
    operation: { kind: 'query', text: '{ secret }', document: { kind: 'Document' as never, definitions: [] } },
    variables: { canary: 'CANARY-pii-7731' },
    access: { ...access, language: 'en' },
    ...(trace && { trace })
  }
}

function executor(answer: Executor['execute']): Executor {
  return { execute: answer, [Symbol.asyncDispose]: async () => {} }
}

test('an operation’s span stands below the client’s, and each subgraph’s below the operation’s', async () => {
  await using traces = tracing()
  const operation = traces.operation({ traceparent: TRACEPARENT, 'x-request-id': 'r1' })
  operation.run({ kind: 'query', name: 'Orders', id: 'abc' })
  const seen: SubgraphRequest['trace'][] = []
  const traced = traces.traced(
    'orders',
    executor(async ({ trace }) => {
      seen.push(trace)
      return { data: {} }
    })
  )
  await traced.execute(request(operation.headers))
  operation.end(null)

  const [fetch, root] = traces.exporter.getFinishedSpans()
  expect(root?.name).toBe('query Orders')
  expect(root?.spanContext().traceId).toBe(CLIENT)
  expect(root?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
  expect(fetch?.name).toBe('subgraph orders')
  expect(fetch?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId)
  expect(seen).toEqual([{ traceparent: `00-${CLIENT}-${fetch?.spanContext().spanId}-01`, 'x-request-id': 'r1' }])
})

test('a trace begins here when the client sent none, or nonsense', async () => {
  await using traces = tracing()
  const sent: TraceHeaders[] = [{}, { traceparent: 'nonsense' }]
  for (const headers of sent) traces.operation(headers).end(null)
  const ids = traces.exporter.getFinishedSpans().map(span => span.spanContext().traceId)
  expect(new Set(ids).size).toBe(2)
  expect(ids.join()).toMatch(/^[0-9a-f]{32},[0-9a-f]{32}$/)
})

test('what failed is marked with its code, and no value stands in a span', async () => {
  await using traces = tracing()
  const failing = traces.traced(
    'orders',
    executor(async () => {
      throw new Fault('TIMEOUT', 'CANARY-pii-7731')
    })
  )
  await expect(failing.execute(request({}))).rejects.toThrow()
  const refusing = traces.traced(
    'orders',
    executor(async () => ({ data: null, errors: [{ message: 'CANARY-pii-7731', extensions: { code: 'FORBIDDEN' } }] }))
  )
  await refusing.execute(request({}))
  traces.operation({}).end('OPERATION_LIMIT')
  const finished = traces.exporter.getFinishedSpans()
  expect(finished.map(({ attributes }) => attributes['error.type'])).toEqual([
    'TIMEOUT',
    'FORBIDDEN',
    'OPERATION_LIMIT'
  ])
  const told = finished.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
  expect(JSON.stringify(told)).not.toMatch(/CANARY|secret/)
})
