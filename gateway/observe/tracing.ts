import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace as spans, type Tracer } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Executor, SubgraphRequest, SubgraphResponse } from '../../platform/executor/executor.ts'

/** `traceparent` and `tracestate` of W3C Trace Context, and whatever else goes along with a request. */
export type TraceHeaders = Readonly<Record<string, string>>

/** Spans from the client's request to each subgraph's answer. Their attributes hold names and codes, never values. */
export interface Tracing extends AsyncDisposable {
  /** Starts the span of an operation, below the client's own span when it sent one. */
  operation(client: TraceHeaders): OperationSpan
  /** The same executor, with a span for each request to the subgraph. */
  traced(subgraph: string, executor: Executor): Executor
}

export interface OperationSpan {
  /** What the operation's requests to subgraphs carry. */
  readonly headers: TraceHeaders
  /** Says what is run, once it is known. `id` is the document's hash. */
  run(about: { readonly kind: string; readonly name: string | null; readonly id: string }): void
  /** Ends the span; `code` is the first error's, null without one. */
  end(code: string | null): void
}

const propagator = new W3CTraceContextPropagator()
const READ = {
  get: (carrier: TraceHeaders, key: string) => carrier[key],
  keys: (carrier: TraceHeaders) => Object.keys(carrier)
}
const WRITE = {
  set: (carrier: Record<string, string>, key: string, value: string) => {
    carrier[key] = value
  }
}

/** Makes spans with a tracer; disposing it sends what is left. */
export function createTracing(tracer: Tracer, dispose: () => Promise<void>): Tracing {
  const start = (name: string, kind: SpanKind, parent: TraceHeaders): { span: Span; headers: TraceHeaders } => {
    const context = propagator.extract(ROOT_CONTEXT, parent, READ)
    const span = tracer.startSpan(name, { kind }, context)
    const headers: Record<string, string> = { ...parent }
    propagator.inject(spans.setSpan(context, span), headers, WRITE)
    return { span, headers }
  }
  return {
    operation(client) {
      const { span, headers } = start('GraphQL', SpanKind.SERVER, client)
      return {
        headers,
        run({ kind, name, id }) {
          span.updateName(name === null ? kind : `${kind} ${name}`)
          span.setAttributes({
            'graphql.operation.type': kind,
            ...(name !== null && { 'graphql.operation.name': name }),
            'graphql.document.id': id
          })
        },
        end: code => finish(span, code)
      }
    },
    traced(subgraph, executor) {
      const begin = (request: SubgraphRequest) => {
        const { span, headers } = start(`subgraph ${subgraph}`, SpanKind.CLIENT, request.trace ?? {})
        span.setAttributes({ 'graphql.subgraph.name': subgraph, 'graphql.operation.type': request.operation.kind })
        return { span, request: { ...request, trace: headers } }
      }
      const { subscribe } = executor
      return {
        async execute(asked) {
          const { span, request } = begin(asked)
          return executor.execute(request).then(
            response => {
              finish(span, codeOf(response))
              return response
            },
            (thrown: unknown) => {
              finish(span, codeOfThrown(thrown))
              throw thrown
            }
          )
        },
        // A subscription lasts too long to be one span; what its events ask for goes through `execute`.
        ...(subscribe && { subscribe: request => subscribe.call(executor, request) }),
        [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose]()
      }
    },
    [Symbol.asyncDispose]: dispose
  }
}

function finish(span: Span, code: string | null): void {
  if (code !== null) {
    span.setAttribute('error.type', code)
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

function codeOf({ errors }: SubgraphResponse): string | null {
  const [error] = errors ?? []
  return error ? String(error.extensions?.['code'] ?? 'GRAPHQL_ERROR') : null
}

function codeOfThrown(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'INTERNAL'
}
