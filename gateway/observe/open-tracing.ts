import { packageVersion } from '../../platform/root.ts'
import { createTracing, type Tracing } from './tracing.ts'

/**
 * Sends spans to an OpenTelemetry collector (OTLP over HTTP with JSON). Everything else about them is read from the
 * environment by OpenTelemetry's own names, such as OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER. Loaded when it is wanted alone:
 * it costs a tenth of a second and memory.
 */
export async function openTracing(): Promise<Tracing> {
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources')
  ])
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources
  const named = resourceFromAttributes({ 'service.name': 'oaas-gateway', 'service.version': packageVersion })
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())]
  })
  return createTracing(provider.getTracer('oaas-gateway', packageVersion), () => provider.shutdown())
}
