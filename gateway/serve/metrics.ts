import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type Timing, Timings } from '../observe/timings.ts'
import type { Finished } from './finished.ts'

/** What `/metrics` shows (Prometheus). Labels never carry a consumer's data. */
export interface Metrics {
  readonly registry: Registry
  /** Operations answered, by transport, kind and first error code (`none` without one). */
  readonly operations: Counter<'transport' | 'kind' | 'code'>
  /** Seconds from the parsed request to the answer. */
  duration(transport: Finished['transport'], kind: string): Timing
  readonly sockets: Gauge
  /** Websockets that were closed from this side, by close code. */
  readonly socketCloses: Counter<'code'>
  readonly subscriptions: Gauge
  /** Events sent to subscribers. */
  readonly deliveries: Counter
}

/** Metrics of one gateway, with the process's own (CPU, memory, event-loop lag). */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    operations: new Counter({
      name: 'oaas_operations_total',
      help: 'Operations answered',
      labelNames: ['transport', 'kind', 'code'],
      registers
    }),
    duration: durations(registry),
    sockets: new Gauge({ name: 'oaas_sockets', help: 'Open websockets', registers }),
    socketCloses: new Counter({
      name: 'oaas_socket_closes_total',
      help: 'Websockets closed by the router',
      labelNames: ['code'],
      registers
    }),
    subscriptions: new Gauge({ name: 'oaas_subscriptions', help: 'Running subscriptions', registers }),
    deliveries: new Counter({ name: 'oaas_deliveries_total', help: 'Events sent to subscribers', registers })
  }
}

function durations(registry: Registry): Metrics['duration'] {
  const timings = new Timings(registry, 'oaas_operation_seconds', 'Seconds an operation took', ['transport', 'kind'])
  const known = new Map<string, Timing>()
  return (transport, kind) => {
    const key = transport + kind
    const timing = known.get(key) ?? timings.of({ transport, kind })
    known.set(key, timing)
    return timing
  }
}
