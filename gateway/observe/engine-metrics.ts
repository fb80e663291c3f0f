import { Counter, Histogram, type Registry } from 'prom-client'
import type { EngineWatch } from '../engine.ts'

/** Measures what the engine keeps and what it makes anew. */
export function engineMetrics(registry: Registry): EngineWatch {
  const registers = [registry]
  const plans = new Counter({
    name: 'oaas_plans_total',
    help: 'Operations by whether they were compiled already',
    labelNames: ['cache'],
    registers
  })
  const compiling = new Histogram({
    name: 'oaas_plan_seconds',
    help: 'Seconds to plan and compile an operation',
    registers
  })
  const joined = new Counter({
    name: 'oaas_operations_joined_total',
    help: 'Queries that were answered by an identical one that was on its way',
    registers
  })
  const limited = new Counter({
    name: 'oaas_limits_total',
    help: 'Operations that were refused, by the limit that they exceed',
    labelNames: ['limit'],
    registers
  })
  const found = plans.labels('hit')
  const missed = plans.labels('miss')
  return {
    found: () => found.inc(),
    compiled(seconds) {
      missed.inc()
      compiling.observe(seconds)
    },
    joined: () => joined.inc(),
    limited: limit => limited.inc({ limit })
  }
}
