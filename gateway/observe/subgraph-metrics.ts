import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ExecutorWatch } from '../../platform/executor/robust.ts'
import { Timings } from './timings.ts'

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const

/** Measures how each subgraph does, and logs when it is left alone. Labels are names from the supergraph and codes of ours. */
export function subgraphMetrics(registry: Registry, logger: Pick<Logger, 'warn'>): (subgraph: string) => ExecutorWatch {
  const registers = [registry]
  const duration = new Timings(
    registry,
    'oaas_subgraph_seconds',
    'Seconds from a request to a subgraph to its answer, with all attempts',
    ['subgraph']
  )
  const failures = new Counter({
    name: 'oaas_subgraph_failures_total',
    help: 'Requests that a subgraph did not answer',
    labelNames: ['subgraph', 'code'],
    registers
  })
  const retries = new Counter({
    name: 'oaas_subgraph_retries_total',
    help: 'Queries that were asked again',
    labelNames: ['subgraph'],
    registers
  })
  const joined = new Counter({
    name: 'oaas_subgraph_joined_total',
    help: 'Queries that were not sent because an identical one was on its way',
    labelNames: ['subgraph'],
    registers
  })
  const breaker = new Gauge({
    name: 'oaas_subgraph_breaker',
    help: 'Circuit breaker: 0 closed, 1 half open, 2 open (nothing is asked)',
    labelNames: ['subgraph'],
    registers
  })
  return subgraph => {
    const seconds = duration.of({ subgraph })
    breaker.set({ subgraph }, BREAKER_VALUES.closed)
    let leftAlone = false
    return {
      asked(took, code) {
        seconds.observe(took)
        if (code !== 'none') failures.inc({ subgraph, code })
      },
      breaker(state) {
        breaker.set({ subgraph }, BREAKER_VALUES[state])
        // Each try that fails opens it once more: that is no news.
        if (state === 'half-open' || (state === 'open') === leftAlone) return
        leftAlone = state === 'open'
        logger.warn(
          { subgraph },
          leftAlone ? 'a subgraph is left alone, since it does not answer' : 'a subgraph answers again'
        )
      },
      retried: () => retries.inc({ subgraph }),
      joined: () => joined.inc({ subgraph })
    }
  }
}
