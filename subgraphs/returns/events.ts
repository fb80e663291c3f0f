import { type Clock, instant } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { LogEvent } from '../../platform/log/log.ts'
import type { ScopeKeys } from '../../platform/scope/scope.ts'
import type { Return } from './return.ts'
import type { ReturnStatus } from './return-status.ts'

/** What this room says in the log. `return.requested` asks orders (semantics W1); the others follow from its answer. */
export type ReturnEventType =
  | 'return.requested'
  | 'return.opened'
  | 'return.refused'
  | 'return.approved'
  | 'return.declined'
  | 'return.received'

export const RETURN_EVENTS: readonly ReturnEventType[] = [
  'return.requested',
  'return.opened',
  'return.refused',
  'return.approved',
  'return.declined',
  'return.received'
]

/** The fact that a return has come to its present status and version. Texts of buyers and of service stay out (W6). */
export function returnEvent(
  clock: Clock,
  type: ReturnEventType,
  row: Pick<Return, 'id' | 'version' | 'status' | 'orderId'>,
  from: ReturnStatus | null,
  keys: ScopeKeys,
  facts: Readonly<Record<string, unknown>> = {}
): LogEvent {
  return {
    id: newId('evt'),
    type,
    source: 'returns',
    at: instant(clock.now()),
    aggregate: { type: 'return', id: row.id },
    version: row.version,
    keys,
    data: { returnId: row.id, orderId: row.orderId, from, to: row.status, ...facts }
  }
}
