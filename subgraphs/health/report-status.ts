import type { EntityManager } from 'typeorm'
import { instant } from '../../platform/clock.ts'
import { mutate, type Outcome } from '../../platform/idempotency/mutate.ts'
import { newId } from '../../platform/ids.ts'
import { shadowKeys } from '../../platform/scope/order-shadow.ts'
import { metScopes } from '../../platform/scope/scope.ts'
import type { Context } from '../../platform/subgraph/subgraph.ts'
import { statusReported } from './events.ts'
import type { HealthDeps } from './health-deps.ts'
import { codeFor, knownWords } from './order-status.ts'
import { refusal } from './refusals.ts'
import type { ReportStatusInput } from './status-inputs.ts'
import { StatusReport } from './status-report.ts'

/** Clocks of source systems run ahead by so much, milliseconds. */
const AHEAD = 5 * 60_000
const SYSTEM = /^[A-Za-z0-9._-]{1,64}$/

/**
 * The id of what a system said of an order at a time, if it has said so: the same said again is the same report. Found by
 * the facts, not made of them, for its id would prove a guess of a time that a contract masks (semantics K6).
 */
export async function knownReport(
  manager: EntityManager,
  { company, system, orderId, occurredAt, status }: Omit<StatusReport, 'id' | 'statusCode' | 'receivedAt'>
): Promise<string | null> {
  const where = { company, system, orderId, occurredAt, status }
  return (await manager.findOne(StatusReport, { where, select: { id: true } }))?.id ?? null
}

/** A system says which status it has an order in. It changes nothing of the order: it is compared (W1). */
export function reportStatus(deps: HealthDeps, context: Context, input: ReportStatusInput): Promise<Outcome> {
  const { company, language, read, write } = context.access
  return mutate(deps, context, 'reportStatus', input, async tx => {
    const { system, orderId, status, occurredAt } = input
    const keys = (await shadowKeys(tx.manager, [orderId])).get(orderId)
    if (keys?.company !== company) return no('NOT_FOUND', 'orderId')
    if (metScopes(keys, write['StatusReport']) === 0) {
      return no(metScopes(keys, read['Order']) === 0 ? 'NOT_FOUND' : 'OUT_OF_SCOPE', 'orderId')
    }
    if (!SYSTEM.test(system)) return no('BAD_SYSTEM', 'system')
    const statusCode = codeFor(system, status)
    if (statusCode === null) {
      return no('UNMAPPED_STATUS', 'status', {
        system,
        status: status.slice(0, 64),
        known: knownWords(system).join(', ')
      })
    }
    const now = deps.clock.now()
    if (Date.parse(occurredAt) > now + AHEAD) return no('FUTURE_REPORT', 'occurredAt', { occurredAt })

    const known = await knownReport(tx.manager, { company, system, orderId, occurredAt, status })
    if (known !== null) return { id: known, userErrors: [] }
    const id = newId('str')
    const report = { id, company, orderId, system, status, statusCode, occurredAt, receivedAt: instant(now) }
    await tx.manager.insert(StatusReport, report)
    tx.emit(statusReported(report, keys, { backfill: false }))
    return { id, userErrors: [] }
  })

  function no(code: Parameters<typeof refusal>[0], field: string, values?: Readonly<Record<string, string>>): Outcome {
    return { id: null, userErrors: [refusal(code, language, ['input', field], values)] }
  }
}
