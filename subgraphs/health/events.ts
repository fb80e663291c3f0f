import { newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import type { StatusReport } from './status-report.ts'

/** The room's name in the log and in the supergraph. */
export const ROOM = 'health'

/** The fact that a system said something of an order. Each report is an aggregate of its own: it never changes. */
export function statusReported(
  report: StatusReport,
  keys: ScopeKeys,
  facts: { readonly backfill: boolean; readonly availableAt?: string }
): LogEvent {
  const { id, system, orderId, status, statusCode, occurredAt, receivedAt } = report
  return {
    id: newId('evt'),
    type: 'status.reported',
    source: ROOM,
    at: receivedAt,
    aggregate: { type: 'status-report', id },
    version: 1,
    keys,
    data: { system, orderId, status, statusCode, occurredAt, ...facts }
  }
}
